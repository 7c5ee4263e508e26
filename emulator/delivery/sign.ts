import { getExpectedBodyHash, getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import type { Params } from '../twilio/event-types';

/** One HTTP request as it goes out. */
export interface Signed {
  method: 'GET' | 'POST';
  /** What is asked for, and what is signed: never with a fragment. */
  url: string;
  body: string | null;
  contentType: string;
  signature: string;
}

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

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
      contentType: FORM,
      signature: getExpectedTwilioSignature(authToken, url.href, params),
    };
  }
  append(url, new URLSearchParams(params).toString());
  return {
    method,
    url: url.href,
    body: null,
    contentType: FORM,
    signature: getExpectedTwilioSignature(authToken, url.href, {}),
  };
}

/** A JSON body is not in the signature, its hash in the signed URL is. */
export function signJson(authToken: string, target: string, body: string): Signed {
  const url = new URL(target);
  url.hash = '';
  append(url, `bodySHA256=${getExpectedBodyHash(body)}`);
  return {
    method: 'POST',
    url: url.href,
    body,
    contentType: 'application/json',
    signature: getExpectedTwilioSignature(authToken, url.href, {}),
  };
}

// As text: touching searchParams would re-encode what the owner of the URL wrote.
function append(url: URL, query: string): void {
  url.search += (url.search === '' ? '?' : '&') + query;
}
