import type { Check } from './finding';

/** Of Twilio's error, if it does not accept them; undefined if it does. */
export const credentials: Check<string | undefined> = {
  code: 'credentials',
  healthy: 'Twilio accepts the credentials',
  find: (refusal) =>
    refusal === undefined
      ? []
      : [
          {
            detail: refusal,
            remedy: 'copy them from the Twilio Console; with TWILIO_REGION, those of that region',
          },
        ],
};
