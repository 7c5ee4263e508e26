import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as plainRequest,
} from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Agents } from '../queue/delivery-queue';
import type { Delivery } from '../state/history';
import type { SignedRequest } from './sign';

type Outcome = Pick<Delivery, 'outcome' | 'status' | 'response' | 'error'>;

/** How much of a response is kept. */
const MAX_BODY_BYTES = 4096;

const NO_RESPONSE = { status: null, response: null, error: null };

/**
 * Sends one request, and a second one with the URL's user name and password if the response is 401. Follows no redirect. The
 * response is kept to be looked at, and changes nothing. Never rejects.
 */
export async function httpRequest(
  signed: SignedRequest,
  token: string,
  agents: Agents,
  timeoutMs: number,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(timeoutMs);
  const first = await send(signed, agents, signal, headers(signed, token));
  if (first.status !== 401 || signed.authorization === null) return first;
  return send(signed, agents, signal, { ...headers(signed, token), Authorization: signed.authorization });
}

async function send(
  signed: SignedRequest,
  agents: Agents,
  signal: AbortSignal,
  headers: OutgoingHttpHeaders,
): Promise<Outcome> {
  const first = await attempt(signed, agents, signal, headers);
  // The other side closed a kept connection just when we used it: that request never arrived.
  return first.stale ? (await attempt(signed, agents, signal, headers)).outcome : first.outcome;
}

function attempt(
  signed: SignedRequest,
  agents: Agents,
  signal: AbortSignal,
  headers: OutgoingHttpHeaders,
): Promise<{ outcome: Outcome; stale: boolean }> {
  return new Promise((resolve) => {
    // Node.js would drop the `?` of a URL that ends in one, though it is signed.
    const path = signed.url.slice(new URL(signed.url).origin.length);
    const options = { method: signed.method, path, headers, signal };
    const request: ClientRequest = signed.url.startsWith('https:')
      ? secureRequest(signed.url, { ...options, agent: agents.https })
      : plainRequest(signed.url, { ...options, agent: agents.http });
    const onError = ({ code, message }: NodeJS.ErrnoException) => {
      const outcome: Outcome = signal.aborted
        ? { ...NO_RESPONSE, outcome: 'timeout' }
        : { ...NO_RESPONSE, outcome: 'refused', error: code ?? message };
      resolve({ outcome, stale: request.reusedSocket && !signal.aborted });
    };
    request.on('error', onError);
    request.on('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let left = MAX_BODY_BYTES;
      response.on('error', onError);
      response.on('data', (chunk: Buffer) => {
        if (left === 0) return;
        const part = chunk.subarray(0, left);
        left -= part.length;
        chunks.push(part);
      });
      response.on('end', () => {
        const body = decode(Buffer.concat(chunks));
        const outcome: Outcome = {
          outcome: 'answered',
          status: response.statusCode ?? null,
          response: { headers: headersOf(response), body },
          error: null,
        };
        resolve({ outcome, stale: false });
      });
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

const headersOf = (response: IncomingMessage) =>
  Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );

// As a stream, which leaves out the character that the cut may have split.
const decode = (bytes: Buffer) => new TextDecoder().decode(bytes, { stream: true });
