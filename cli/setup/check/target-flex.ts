import type { Settings } from '../step';
import type { Check } from './finding';

export const targetFlex: Check<Settings> = {
  code: 'target-flex',
  healthy: "Target of the account's webhooks is webhook",
  find: ({ target }) =>
    target === 'flex'
      ? [
          {
            detail: "Target of the account's webhooks is flex; Twilio may not call the URL",
            remedy:
              'twilio api:conversations:v1:configuration:webhooks:update --target webhook; or, if Flex needs it, set up each service with --service',
          },
        ]
      : [],
};
