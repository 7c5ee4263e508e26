import type { FunctionContext } from '../lib/environment';
import { parseUrl } from '../lib/parse-url';
import { isLoopback, type Site } from '../lib/url';

/** The site that the environment describes; local if the API is an emulator on this machine. */
export function siteOf({
  DOMAIN_NAME = 'localhost',
  TWILIO_API_BASE_URL: api = '',
  WEBHOOK_URL_ALLOWLIST: allowlist,
}: FunctionContext): Site {
  return {
    domainName: DOMAIN_NAME,
    local: isLoopback(parseUrl(api)?.hostname ?? ''),
    allowlist,
  };
}
