import { API_KEY, hasApiKey, USE_ACCOUNT_SID } from '../../api-key';
import type { Variables } from '../../variables';
import type { Check } from './finding';

export const apiKey: Check<Variables> = {
  code: 'api-key',
  healthy: 'ACCOUNT_SID is not an API key',
  find: (variables) => (hasApiKey(variables) ? [{ detail: API_KEY, remedy: USE_ACCOUNT_SID }] : []),
};
