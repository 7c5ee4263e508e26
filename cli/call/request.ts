import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { isLoopback } from '../../src/lib/url';
import { Refusal } from '../refusal';
import type { Options } from './options';

/** Milliseconds that a function has: the platform ends it after ten seconds. */
const TIMEOUT = 15_000;
/** The exit code where there was no answer. */
const UNREACHABLE = 3;

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The text as JSON; undefined where it is none. */
  readonly json: unknown;
}

/**
 * Calls a function as Twilio does: a form by POST, signed with the auth token, of which nothing else leaves this machine.
 * Without a token there is no signature. No redirect is followed: the signature is for one URL.
 * @throws Refusal 3 where there is no answer
 */
export async function request({ url, parameters, variables }: Options): Promise<Answer> {
  const token = variables.AUTH_TOKEN;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(parameters.map(([key, value]): [string, string] => [key, value])),
      ...(token && { headers: { 'X-Twilio-Signature': signature(token, url, parameters) } }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const text = await answer.text();
    return { status: answer.status, text, json: parse(text) };
  } catch (error) {
    throw new Refusal(unreachable(url, error), UNREACHABLE);
  }
}

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security */
function signature(token: string, url: URL, parameters: Options['parameters']): string {
  // Without a prototype, so that any name is a key.
  const params: Record<string, string[]> = Object.create(null);
  for (const [key, value] of parameters) {
    params[key] ??= [];
    params[key].push(value);
  }
  return getExpectedTwilioSignature(token, url.href, params);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable({ origin, hostname }: URL, error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  if (name === 'TimeoutError') return `${origin} did not answer within ${TIMEOUT / 1000} s.`;
  const why = cause?.code ? ` (${cause.code})` : '';
  const hint = isLoopback(hostname) ? '; npm start starts the functions there' : '';
  return `${origin} cannot be reached${why}${hint}.`;
}
