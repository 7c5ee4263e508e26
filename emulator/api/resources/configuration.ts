import { ACCOUNT_SID, DEFAULT_MESSAGING_SERVICE_SID, DEFAULT_SERVICE_SID } from '../../twilio/account';
import { type Operation, ok } from '../request';

const fetch: Operation = ({ origin }) =>
  ok({
    account_sid: ACCOUNT_SID,
    default_chat_service_sid: DEFAULT_SERVICE_SID,
    default_messaging_service_sid: DEFAULT_MESSAGING_SERVICE_SID,
    default_inactive_timer: null,
    default_closed_timer: null,
    url: `${origin}/v1/Configuration`,
    links: {
      service: `${origin}/v1/Services/${DEFAULT_SERVICE_SID}/Configuration`,
      webhooks: `${origin}/v1/Configuration/Webhooks`,
    },
  });

export const configuration = { fetch };
