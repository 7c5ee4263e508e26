import { UsageError } from './errors';
import type { Variables } from './variables';

export const API_KEY = 'ACCOUNT_SID is an API key (SK…), whose secret cannot sign requests';
export const USE_ACCOUNT_SID =
  'use the account SID (AC…) and its auth token; a key goes into TWILIO_API_KEY and TWILIO_API_SECRET';

/** Whether an API key is where the account SID belongs, as when the Twilio CLI has written it: then AUTH_TOKEN is its secret. */
export function hasApiKey({ ACCOUNT_SID = '' }: Variables): boolean {
  return /^SK/i.test(ACCOUNT_SID);
}

/** @throws UsageError for an API key */
export function assertNoApiKey(variables: Variables): void {
  if (hasApiKey(variables)) throw new UsageError(`${API_KEY}; ${USE_ACCOUNT_SID}`);
}
