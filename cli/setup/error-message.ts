import { ApiError } from '../../src/lib/api-error';
import { CliError } from '../errors';
import { sanitize } from '../sanitize';
import type { Variables } from '../variables';

/**
 * What went wrong, in one sentence. Of an error of the helper library only what is known to be harmless is printed: a network
 * error contains the whole request, credentials included.
 */
export function errorMessage(error: unknown, origin: string, variables: Variables): string {
  if (error instanceof CliError || error instanceof ApiError) return error.message;
  const { status, code, message } = Object(error) as { status?: unknown; code?: unknown; message?: unknown };
  const byKey = Boolean(variables.TWILIO_API_KEY);
  if (status === 401 && (code === 20003 || !byKey))
    return `${byKey ? 'TWILIO_API_KEY and TWILIO_API_SECRET' : 'ACCOUNT_SID and AUTH_TOKEN'} are not accepted by Twilio (${origin}); check both in the Twilio Console`;
  if (typeof status === 'number') {
    const reason =
      typeof message === 'string' ? sanitize(message, variables).replace(/\.$/, '') : 'no reason given';
    const number = typeof code === 'number' ? `, error ${code}` : '';
    const told = `${reason} (status ${status}${number})`;
    return byKey && (status === 401 || status === 403)
      ? `TWILIO_API_KEY lacks a permission that setup needs (${origin}): ${told}; docs/configuration.md lists them`
      : `Twilio (${origin}) rejected the request: ${told}`;
  }
  // Node's codes, such as ECONNRESET, and OpenSSL's, such as SELF_SIGNED_CERT_IN_CHAIN.
  if (typeof code === 'string' && /^[A-Z][A-Z_]{2,40}$/.test(code))
    return `Twilio (${origin}) is unreachable, or did not respond in time (${code})`;
  return `Twilio (${origin}) could not be called, or its response could not be read`;
}
