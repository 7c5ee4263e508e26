import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import type { Params } from './event';

/** One HTTP request as it goes out. */
export interface Signed {
  method: 'GET' | 'POST';
  /** What is asked for, and what is signed: never with a fragment. */
  url: string;
  body: string | null;
  signature: string;
}

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security: a GET carries the parameters in the signed URL. */
export function sign(authToken: string, method: 'GET' | 'POST', target: string, params: Params): Signed {
  const url = new URL(target);
  url.hash = '';
  if (method === 'POST') {
    const body = new URLSearchParams(params).toString();
    return {
      method,
      url: url.href,
      body,
      signature: getExpectedTwilioSignature(authToken, url.href, params),
    };
  }
  // Appended as text: touching searchParams would re-encode what the owner of the URL wrote.
  url.search += (url.search === '' ? '?' : '&') + new URLSearchParams(params).toString();
  return {
    method,
    url: url.href,
    body: null,
    signature: getExpectedTwilioSignature(authToken, url.href, {}),
  };
}
