import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Agents } from '../queue/delivery-queue';
import type { SignedRequest } from './sign';

interface Outcome {
  outcome: 'answered' | 'timeout' | 'refused';
  status: number | null;
}

const REFUSED: Outcome = { outcome: 'refused', status: null };

/** Sends one request, follows no redirect, and reads only the status of the response. Never rejects. */
export async function httpRequest(
  signed: SignedRequest,
  token: string,
  agents: Agents,
  timeoutMs: number,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(timeoutMs);
  const first = await attempt(signed, agents, signal, token);
  if (first !== 'stale') return first;
  // The other side closed a kept connection just when we used it: that request never arrived.
  const second = await attempt(signed, agents, signal, token);
  return second === 'stale' ? REFUSED : second;
}

function attempt(
  signed: SignedRequest,
  agents: Agents,
  signal: AbortSignal,
  token: string,
): Promise<Outcome | 'stale'> {
  return new Promise((resolve) => {
    const options = { method: signed.method, headers: headers(signed, token), signal };
    const request: ClientRequest = signed.url.startsWith('https:')
      ? secureRequest(signed.url, { ...options, agent: agents.https })
      : plainRequest(signed.url, { ...options, agent: agents.http });
    const onError = () => {
      if (signal.aborted) resolve({ outcome: 'timeout', status: null });
      else resolve(request.reusedSocket ? 'stale' : REFUSED);
    };
    request.on('error', onError);
    request.on('response', (response: IncomingMessage) => {
      response.on('error', onError);
      response.on('end', () => resolve({ outcome: 'answered', status: response.statusCode ?? null }));
      response.resume();
    });
    request.end(signed.body ?? undefined);
  });
}

// As seen on real deliveries of forms.
const headers = (signed: SignedRequest, token: string) => ({
  'Content-Type': signed.contentType,
  'X-Twilio-Signature': signed.signature,
  'I-Twilio-Idempotency-Token': token,
  Accept: '*/*',
  'User-Agent': 'TwilioProxy/1.1',
  ...(signed.body === null ? {} : { 'Content-Length': Buffer.byteLength(signed.body) }),
});
