import { getExpectedBodyHash, getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import type { EventParams } from '../twilio/event-types';

export interface SignedRequest {
  method: 'GET' | 'POST';
  /** Both requested and signed: without a fragment. */
  url: string;
  body: string | null;
  contentType: string;
  signature: string;
}

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security: a GET has its parameters in the signed URL. */
export function signParams(
  authToken: string,
  method: 'GET' | 'POST',
  target: string,
  params: EventParams,
): SignedRequest {
  const url = withoutFragment(target);
  const form = new URLSearchParams(params).toString();
  if (method === 'GET') append(url, form);
  return {
    method,
    url: url.href,
    body: method === 'POST' ? form : null,
    contentType: FORM,
    signature: getExpectedTwilioSignature(authToken, url.href, method === 'POST' ? params : {}),
  };
}

/** A JSON body is not in the signature, but its hash is in the signed URL. */
export function signJson(authToken: string, target: string, body: string): SignedRequest {
  const url = withoutFragment(target);
  append(url, `bodySHA256=${getExpectedBodyHash(body)}`);
  return {
    method: 'POST',
    url: url.href,
    body,
    contentType: 'application/json',
    signature: getExpectedTwilioSignature(authToken, url.href, {}),
  };
}

function withoutFragment(target: string): URL {
  const url = new URL(target);
  url.hash = '';
  return url;
}

// Not by searchParams, which would re-encode the query that is there.
function append(url: URL, query: string): void {
  url.search += (url.search === '' ? '?' : '&') + query;
}
