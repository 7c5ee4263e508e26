import type { FunctionContext } from '../lib/environment';
import { isLoopback, type Site } from '../lib/url';

/** The host that this deployment answers under, from the runtime's DOMAIN_NAME; local while Twilio is a stand-in here. */
export function siteOf({
  DOMAIN_NAME = 'localhost',
  TWILIO_API_BASE_URL: api = '',
  WEBHOOK_URL_ALLOWLIST: allowlist,
}: FunctionContext): Site {
  return {
    domainName: DOMAIN_NAME,
    local: URL.canParse(api) && isLoopback(new URL(api).hostname),
    allowlist,
  };
}
