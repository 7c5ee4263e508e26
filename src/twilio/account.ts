import type { Environment } from '../environment';
import { ApiError } from '../errors';
import { isLoopback } from '../webhooks/url';

/** Whose requests they are, and where they go. */
export interface Account {
  readonly baseUrl: string;
  readonly authorization: string;
}

/** @throws ApiError 20003 for credentials that cannot be any, 20500 for an unusable TWILIO_API_BASE_URL */
export function account(env: Environment): Account {
  const { ACCOUNT_SID = '', AUTH_TOKEN = '' } = env;
  if (!/^AC[0-9a-fA-F]{32}$/.test(ACCOUNT_SID) || AUTH_TOKEN === '')
    throw new ApiError(
      20003,
      'ACCOUNT_SID (AC and 32 hexadecimal digits) or AUTH_TOKEN is missing in the environment',
    );
  return {
    baseUrl: baseUrl(env),
    authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`,
  };
}

function baseUrl({ TWILIO_API_BASE_URL, TWILIO_EDGE, TWILIO_REGION }: Environment): string {
  if (!TWILIO_API_BASE_URL) {
    const region = TWILIO_REGION || (TWILIO_EDGE && 'us1');
    return `https://${['conversations', TWILIO_EDGE, region, 'twilio', 'com'].filter(Boolean).join('.')}`;
  }
  const url = URL.canParse(TWILIO_API_BASE_URL) ? new URL(TWILIO_API_BASE_URL) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname)))
    return url.origin;
  throw new ApiError(
    20500,
    'TWILIO_API_BASE_URL must be an https origin, or an http one on this machine',
    undefined,
    500,
  );
}
