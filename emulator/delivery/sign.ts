import querystring from 'node:querystring';
import { getExpectedBodyHash, getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import type { EventParams } from '../twilio/event-types';

export interface SignedRequest {
  method: 'GET' | 'POST';
  /** Both requested and signed: without a fragment, user name and password. */
  url: string;
  /** The Authorization header for a receiver that asks for the URL's user name and password. */
  authorization: string | null;
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
  const { url, authorization } = parse(target);
  const form = new URLSearchParams(params).toString();
  // As seen on a real GET.
  if (method === 'GET') append(url, form.replaceAll('%3A', ':'));
  return {
    method,
    url: url.href,
    authorization,
    body: method === 'POST' ? form : null,
    contentType: FORM,
    signature: getExpectedTwilioSignature(authToken, url.href, method === 'POST' ? params : {}),
  };
}

/** A JSON body is not in the signature, but its hash is in the signed URL. */
export function signJson(authToken: string, target: string, body: string): SignedRequest {
  const { url, authorization } = parse(target);
  append(url, `bodySHA256=${getExpectedBodyHash(body)}`);
  return {
    method: 'POST',
    url: url.href,
    authorization,
    body,
    contentType: 'application/json',
    signature: getExpectedTwilioSignature(authToken, url.href, {}),
  };
}

function parse(target: string): { url: URL; authorization: string | null } {
  const url = new URL(target);
  const { username, password } = url;
  Object.assign(url, { hash: '', username: '', password: '' });
  // Not decodeURIComponent, which throws for a single percent sign.
  const credentials = [username, password].map(querystring.unescape).join(':');
  return {
    url,
    authorization: credentials === ':' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

// Not by searchParams, which would re-encode the query that is there.
function append(url: URL, query: string): void {
  url.search += (url.search === '' ? '?' : '&') + query;
}
