import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { refuse, TwilioError } from '../twilio/errors';
import { Params } from './params';

const MAX_BODY_BYTES = 1024 * 1024;
/** Of a JSON body: JSON.stringify fails at depths that JSON.parse accepts. */
const MAX_DEPTH = 100;

/** Refuses a body over the limit: before reading it, if there is a Content-Length. */
export function limitBodyTo(maxBytes: number, status?: number): MiddlewareHandler {
  const onError = () => refuse(20001, `The body must not be larger than ${maxBytes} bytes`, status);
  const limitStream = bodyLimit({ maxSize: maxBytes, onError });
  return async (c, next) => {
    // Only for a body without a Content-Length: bodyLimit would turn any other into a stream first.
    if (c.req.header('Transfer-Encoding') !== undefined) return limitStream(c, next);
    if (Number(c.req.header('Content-Length') ?? 0) > maxBytes) onError();
    await next();
  };
}

export const limitBody = limitBodyTo(MAX_BODY_BYTES);

/** The API takes forms only, and refuses anything else rather than read it as an empty form. */
export async function readParams(c: Context): Promise<Params> {
  if (c.req.method !== 'POST') return new Params();
  const text = await readText(c);
  if (text === '') return new Params();
  const type = mediaType(c);
  if (type !== 'application/x-www-form-urlencoded') {
    refuse(
      20001,
      `The Content-Type must be application/x-www-form-urlencoded, ${type === '' ? 'but there is none' : `not ${type}`}`,
    );
  }
  return new Params(new URLSearchParams(text));
}

/** The `/_emulator` routes take a JSON object as well. */
export async function readParamsOrJson(c: Context): Promise<Params> {
  if (!isJson(c)) return readParams(c);
  const text = await readText(c);
  return text === '' ? new Params() : Params.fromObject(parseObject(text));
}

// A client that disconnects is not an internal error.
export function readText(c: Context): Promise<string> {
  return c.req.text().catch((error: unknown) => {
    if (error instanceof TwilioError) throw error;
    return refuse(20001, 'The body is incomplete');
  });
}

/** `Target=webhook&Configuration.Url=https://…`: the form as one would write it down. */
export const decodeForm = (text: string): string =>
  [...new URLSearchParams(text)].map(([name, value]) => `${name}=${value}`).join('&');

function parseObject(text: string): object {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  return refuse(20001, 'The body must be a JSON object');
}

/** Undefined if the text is not JSON, or nested too deeply. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeperThan(value, MAX_DEPTH) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

export const isJson = (c: Context) => mediaType(c) === 'application/json';

const mediaType = (c: Context) =>
  (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
