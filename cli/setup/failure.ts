import { ApiError } from '../../src/lib/api-error';
import { plain } from '../plain';
import { Refusal } from '../refusal';
import type { Variables } from '../variables';

/**
 * What went wrong, in one sentence. Of an error of the client's no more is taken than what is known to be harmless: one of
 * the network has the whole request with it, credentials included.
 */
export function sentenceOf(error: unknown, origin: string, variables: Variables): string {
  if (error instanceof Refusal) return error.message;
  if (error instanceof ApiError) return `${error.message}.`;
  const { status, code, message } = error as { status?: unknown; code?: unknown; message?: unknown };
  if (status === 401) return `Twilio (${origin}) does not accept ACCOUNT_SID and AUTH_TOKEN.`;
  if (typeof status === 'number') {
    const why =
      typeof message === 'string' ? plain(message, variables).replace(/\.$/, '') : 'no reason given';
    return `Twilio (${origin}) refused: ${why} (status ${status}${typeof code === 'number' ? `, error ${code}` : ''}).`;
  }
  // Node's, such as ECONNRESET, and OpenSSL's, such as SELF_SIGNED_CERT_IN_CHAIN.
  if (typeof code === 'string' && /^[A-Z][A-Z_]{2,40}$/.test(code))
    return `Twilio (${origin}) cannot be reached, or did not answer in time (${code}).`;
  return `Twilio (${origin}) could not be asked, or its answer could not be read.`;
}
