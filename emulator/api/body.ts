import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { refuse, TwilioError } from '../twilio/errors';
import { Params } from './params';

const MAX_BODY_BYTES = 1024 * 1024;
/** Levels of a JSON body: what is read has to be written again, and JSON.stringify gives up where JSON.parse does not. */
const MAX_DEPTH = 100;

const onError = () => refuse(20001, `The body is larger than ${MAX_BODY_BYTES} bytes`);
const limitStream = bodyLimit({ maxSize: MAX_BODY_BYTES, onError });

/** Refuses a body over the limit, before it is read where its length is announced. */
export const limitBody: MiddlewareHandler = async (c, next) => {
  // Without this header there is no body but the announced one, and bodyLimit makes a stream of it before it looks.
  if (c.req.header('Transfer-Encoding') !== undefined) return limitStream(c, next);
  if (Number(c.req.header('Content-Length') ?? 0) > MAX_BODY_BYTES) onError();
  await next();
};

/** The API takes forms and nothing else. A body that announces something else is told so, not read as empty. */
export async function readParams(c: Context): Promise<Params> {
  if (c.req.method !== 'POST') return new Params();
  const text = await readText(c);
  if (text === '') return new Params();
  const type = mediaType(c);
  if (type !== 'application/x-www-form-urlencoded') {
    refuse(
      20001,
      `The body must be application/x-www-form-urlencoded, not ${type || 'without a Content-Type'}`,
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

// A client that goes away in the middle is no fault of ours to report.
export function readText(c: Context): Promise<string> {
  return c.req.text().catch((error: unknown) => {
    if (error instanceof TwilioError) throw error;
    return refuse(20001, 'The body broke off');
  });
}

function parseObject(text: string): object {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  return refuse(20001, 'The body must be a JSON object');
}

/** What a body says; undefined where it is no JSON, or nested without measure. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value, MAX_DEPTH) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}

export const isJson = (c: Context) => mediaType(c) === 'application/json';

const mediaType = (c: Context) =>
  (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
