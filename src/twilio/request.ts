import http from 'node:http';
import https from 'node:https';
import { ApiError } from '../lib/api-error';

/** The reason where the deadline came first. */
export const TIMED_OUT = 'no answer in time';

/** One answer as it came over the wire. */
export interface WireResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** That there was no answer, and how far the request had come. Holds nothing of the request, which carries the credentials. */
export class NoResponseError extends Error {
  constructor(
    readonly failure: 'unsent' | 'stale' | 'lost',
    reason: string,
  ) {
    super(reason);
  }
}

interface WireRequest {
  readonly method: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly form: string | undefined;
  /** When it is given up, on the clock of performance.now(). */
  readonly deadline: number;
  /** On a connection of its own. */
  readonly fresh: boolean;
}

const MAX_RESPONSE_BYTES = 1024 * 1024;
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

// One per process, so that warm invocations find their connection open.
const agents = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
};

/** One request, one answer. @throws Unanswered; ApiError 20500 for an answer that never ends */
export function request(
  url: URL,
  { method, headers, form, deadline, fresh }: WireRequest,
): Promise<WireResponse> {
  const timeoutMs = deadline - performance.now();
  if (timeoutMs <= 0) return Promise.reject(new NoResponseError('unsent', TIMED_OUT));
  let timer: NodeJS.Timeout;
  const responded = new Promise<WireResponse>((resolve, reject) => {
    const { request } = url.protocol === 'http:' ? http : https;
    const agent = fresh ? false : agents[url.protocol as keyof typeof agents];
    let begun = false;
    let late = false;
    const fail = (error: NodeJS.ErrnoException) => {
      if (error instanceof ApiError) return reject(error);
      if (late) return reject(new NoResponseError('lost', TIMED_OUT));
      const { code = 'connection lost' } = error;
      if (NEVER_CONNECTED.has(code)) return reject(new NoResponseError('unsent', code));
      reject(new NoResponseError(outgoing.reusedSocket && !begun ? 'stale' : 'lost', code));
    };
    const outgoing = request(url, { method, headers, agent }, (response) => {
      begun = true;
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > MAX_RESPONSE_BYTES)
          response.destroy(new ApiError(20500, "Twilio's answer is too large to be one"));
      });
      response.on('error', fail);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    outgoing.on('error', fail).end(form);
    // By hand: the `signal` of a request costs several times what a timer does, each time.
    timer = setTimeout(() => {
      late = true;
      outgoing.destroy();
    }, timeoutMs);
  });
  return responded.finally(() => clearTimeout(timer));
}
