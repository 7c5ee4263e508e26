import { sentenceOf } from '../../cli/setup/failure';

const ORIGIN = 'https://conversations.twilio.com';
const secret = { config: { headers: { Authorization: 'Basic c2VjcmV0' } }, message: 'Basic c2VjcmV0' };

test.each([
  ['ECONNRESET', `Twilio (${ORIGIN}) cannot be reached, or did not answer in time (ECONNRESET).`],
  // What a proxy that reads along gives rise to.
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    `Twilio (${ORIGIN}) cannot be reached, or did not answer in time (SELF_SIGNED_CERT_IN_CHAIN).`,
  ],
  ['Basic c2VjcmV0', `Twilio (${ORIGIN}) could not be asked, or its answer could not be read.`],
  [undefined, `Twilio (${ORIGIN}) could not be asked, or its answer could not be read.`],
])('of an error of the network nothing is told but its code: %s', (code, sentence) => {
  expect(sentenceOf(Object.assign(new Error(), secret, { code }), ORIGIN, {})).toBe(sentence);
});
