import { errorMessage } from '../../cli/setup/error-message';

const ORIGIN = 'https://conversations.twilio.com';
const secret = { config: { headers: { Authorization: 'Basic c2VjcmV0' } }, message: 'Basic c2VjcmV0' };

test.each([
  ['ECONNRESET', `Twilio (${ORIGIN}) is unreachable, or did not respond in time (ECONNRESET)`],
  // The code behind a proxy that intercepts TLS.
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    `Twilio (${ORIGIN}) is unreachable, or did not respond in time (SELF_SIGNED_CERT_IN_CHAIN)`,
  ],
  ['Basic c2VjcmV0', `Twilio (${ORIGIN}) could not be called, or its response could not be read`],
  [undefined, `Twilio (${ORIGIN}) could not be called, or its response could not be read`],
])('prints nothing of a network error but its code: %s', (code, message) => {
  expect(errorMessage(Object.assign(new Error(), secret, { code }), ORIGIN, {})).toBe(message);
});

test('prints one sentence for whatever is thrown', () => {
  for (const thrown of [undefined, null, 'secret', 42])
    expect(errorMessage(thrown, ORIGIN, {})).toBe(
      `Twilio (${ORIGIN}) could not be called, or its response could not be read`,
    );
});
