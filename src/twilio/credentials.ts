import { ApiError } from '../lib/api-error';
import type { Environment } from '../lib/environment';
import { oneOf } from '../lib/error-text';
import { isLoopback } from '../lib/url';

export interface Credentials {
  readonly baseUrl: string;
  readonly authorization: string;
}

/** @throws ApiError 20003 for missing or malformed credentials, 20500 for an unusable TWILIO_API_BASE_URL */
export function readCredentials(env: Environment): Credentials {
  const unusable = unusableVariables(env);
  if (unusable[0] === 'TWILIO_API_BASE_URL')
    throw new ApiError(
      20500,
      'TWILIO_API_BASE_URL must be an https origin, or an http origin on loopback',
      undefined,
      500,
    );
  if (unusable.length > 0)
    throw new ApiError(
      20003,
      `Invalid ${oneOf(unusable, 'and')} in the environment; ACCOUNT_SID is AC and 32 hexadecimal digits, AUTH_TOKEN is not empty`,
    );
  return {
    baseUrl: env.TWILIO_API_BASE_URL ? new URL(env.TWILIO_API_BASE_URL).origin : twilioOrigin(env),
    authorization: `Basic ${Buffer.from(`${env.ACCOUNT_SID}:${env.AUTH_TOKEN}`).toString('base64')}`,
  };
}

/** The names of the variables without which no request can be sent: missing or malformed. */
export function unusableVariables({ ACCOUNT_SID, AUTH_TOKEN, TWILIO_API_BASE_URL }: Environment): string[] {
  const usable = {
    ACCOUNT_SID: /^AC[0-9a-fA-F]{32}$/.test(ACCOUNT_SID ?? ''),
    AUTH_TOKEN: Boolean(AUTH_TOKEN),
    TWILIO_API_BASE_URL: !TWILIO_API_BASE_URL || isSafeOrigin(TWILIO_API_BASE_URL),
  };
  return Object.entries(usable).flatMap(([name, ok]) => (ok ? [] : [name]));
}

function isSafeOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
}

function twilioOrigin({ TWILIO_EDGE, TWILIO_REGION }: Environment): string {
  const region = TWILIO_REGION || (TWILIO_EDGE && 'us1');
  return `https://${['conversations', TWILIO_EDGE, region, 'twilio', 'com'].filter(Boolean).join('.')}`;
}
