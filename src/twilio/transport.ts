import http from 'node:http';
import https from 'node:https';
import type { RequestOpts } from 'twilio/lib/base/BaseTwilio';
import { version } from '../../package.json';
import { ApiError } from '../errors';
import type { Account } from './account';
import { codeOf } from './failure';

/** What the helper library's resource classes read of an answer; `body` is parsed JSON. */
export interface TwilioAnswer {
  readonly statusCode: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}

const MAX_ANSWER_BYTES = 1024 * 1024;

// One per process, so that warm invocations find their connection open.
const agents = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
};

/**
 * One request to the API, as the helper library's Version and Domain ask for it. Whatever URL is asked for, a next page's
 * say, only `account.baseUrl` is sent the credentials.
 * @param signal the deadline
 * @throws ApiError 20503 without an answer, 20500 with one that is no JSON. Never the network error itself, which would
 * carry the request's headers outward.
 */
export async function send(
  options: RequestOpts,
  account: Account,
  signal: AbortSignal,
): Promise<TwilioAnswer> {
  const url = new URL(`${options.uri}`);
  const target = new URL(url.pathname + url.search, account.baseUrl);
  for (const [name, value] of pairs(options.params)) target.searchParams.append(name, value);
  const form = options.data === undefined ? undefined : new URLSearchParams(pairs(options.data)).toString();
  const { response, text } = await exchange(target, form, {
    method: `${options.method}`.toUpperCase(),
    headers: {
      ...options.headers,
      Authorization: account.authorization,
      'User-Agent': `conversation-webhooks/${version} (node ${process.versions.node})`,
      ...(form !== undefined && { 'Content-Length': Buffer.byteLength(form) }),
    },
    signal,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof ApiError) throw error;
    throw signal.aborted
      ? new ApiError(20503, 'Twilio did not answer in the time that this function has; try again')
      : new ApiError(20503, `Twilio could not be reached (${error.code ?? 'connection lost'}); try again`);
  });
  const statusCode = response.statusCode ?? 0;
  return { statusCode, headers: response.headers, body: parse(text, statusCode) };
}

function exchange(url: URL, form: string | undefined, options: https.RequestOptions) {
  return new Promise<{ response: http.IncomingMessage; text: string }>((resolve, reject) => {
    const { request } = url.protocol === 'http:' ? http : https;
    request(url, { ...options, agent: agents[url.protocol as keyof typeof agents] }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES)
          response.destroy(new ApiError(20500, "Twilio's answer is too large to be one"));
      });
      response.on('error', reject);
      response.on('end', () => resolve({ response, text: Buffer.concat(chunks).toString('utf8') }));
    })
      .on('error', reject)
      .end(form);
  });
}

function parse(text: string, status: number): unknown {
  if (status === 204) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // These two say what to do without a body: nothing was done, or it is not known.
    if (status === 429 || status === 503)
      throw new ApiError(codeOf(status), `Twilio answered ${status}; try again`, undefined, status);
    throw new ApiError(20500, `Twilio answered ${status} with something that is no JSON; try again`);
  }
}

function pairs(values: object = {}): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, `${item}`]),
  );
}
