import http from 'node:http';
import https from 'node:https';
import { ApiError } from '../lib/api-error';

export const TIMED_OUT = 'timed out';

export interface WireResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** No response came, and how far the request got. Has nothing of the request, which carries the credentials. */
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
  /** When to give up, on the clock of performance.now(). */
  readonly deadline: number;
  /** Use a new connection. */
  readonly fresh: boolean;
}

const MAX_RESPONSE_BYTES = 1024 * 1024;
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

// One per process, so that warm invocations reuse an open connection.
const agents = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
};

/** Sends one request. @throws NoResponseError; ApiError 20500 for a response that is too large */
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
          response.destroy(new ApiError(20500, "Twilio's response is too large"));
      });
      response.on('error', fail);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    outgoing.on('error', fail).end(form);
    // A request's `signal` costs several times as much as a timer.
    timer = setTimeout(() => {
      late = true;
      outgoing.destroy();
    }, timeoutMs);
  });
  return responded.finally(() => clearTimeout(timer));
}
