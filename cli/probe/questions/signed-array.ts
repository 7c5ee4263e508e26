import { getExpectedBodyHash, getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { RefusedError } from '../api';
import { certain, type Question } from '../question';

const TIMEOUT_MS = 15_000;
/** It needs the signature, and ignores an event of another product. */
const PATH = '/events/studio';
const EVENTS = JSON.stringify([
  {
    specversion: '1.0',
    type: 'com.twilio.conversation-webhooks.probe',
    source: '/probe',
    id: 'probe',
    data: {},
  },
]);

export const signedArray: Question = {
  name: 'signed-array',
  asks: 'whether a signed JSON array passes a protected function',
  needs: ['url', 'authToken'],
  requests: 0,
  async ask({ settings: { deployment, authToken = '' } }) {
    const url = new URL(PATH, deployment);
    const unsigned = await post(url);
    if (unsigned < 400) throw new RefusedError(`${url.href} is not protected: it responded ${unsigned}`);
    url.searchParams.set('bodySHA256', getExpectedBodyHash(EVENTS));
    const status = await post(url, getExpectedTwilioSignature(authToken, url.href, {}));
    return certain(status < 400 ? `yes: ${status}` : `no: ${status}`);
  },
};

async function post(url: URL, signature?: string): Promise<number> {
  try {
    const { status } = await fetch(url, {
      method: 'POST',
      body: EVENTS,
      headers: { 'Content-Type': 'application/json', ...(signature && { 'X-Twilio-Signature': signature }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return status;
  } catch {
    throw new RefusedError(`${url.origin} did not respond`);
  }
}
