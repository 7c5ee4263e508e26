import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type Agent as SecureAgent } from 'node:https';
import type { Signed } from './sign';

export interface Agents {
  http: Agent;
  https: SecureAgent;
}

export interface Outcome {
  outcome: 'answered' | 'timeout' | 'refused';
  status: number | null;
}

/** Sends one request, follows nothing and reads no answer but its status. Never rejects. */
export async function send(signed: Signed, token: string, agents: Agents, timeout: number): Promise<Outcome> {
  const deadline = AbortSignal.timeout(timeout);
  const first = await attempt(signed, agents, deadline, token);
  // The other side may close a kept connection in the moment we use it: that request never arrived.
  return first === 'stale' ? settled(await attempt(signed, agents, deadline, token)) : first;
}

const settled = (result: Outcome | 'stale'): Outcome =>
  result === 'stale' ? { outcome: 'refused', status: null } : result;

function attempt(
  signed: Signed,
  agents: Agents,
  signal: AbortSignal,
  token: string,
): Promise<Outcome | 'stale'> {
  return new Promise((resolve) => {
    const secure = signed.url.startsWith('https:');
    const options = { method: signed.method, headers: headers(signed, token), signal };
    const request: ClientRequest = secure
      ? httpsRequest(signed.url, { ...options, agent: agents.https })
      : httpRequest(signed.url, { ...options, agent: agents.http });
    const failed = () => {
      if (signal.aborted) resolve({ outcome: 'timeout', status: null });
      else resolve(request.reusedSocket ? 'stale' : { outcome: 'refused', status: null });
    };
    request.on('error', failed);
    request.on('response', (response: IncomingMessage) => {
      response.on('error', failed);
      response.on('end', () => resolve({ outcome: 'answered', status: response.statusCode ?? null }));
      response.resume();
    });
    request.end(signed.body ?? undefined);
  });
}

// As seen on real deliveries of forms.
const headers = (signed: Signed, token: string) => ({
  'Content-Type': signed.contentType,
  'X-Twilio-Signature': signed.signature,
  'I-Twilio-Idempotency-Token': token,
  Accept: '*/*',
  'User-Agent': 'TwilioProxy/1.1',
  ...(signed.body === null ? {} : { 'Content-Length': Buffer.byteLength(signed.body) }),
});
