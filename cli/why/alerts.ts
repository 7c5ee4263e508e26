import { ApiError } from '../../src/lib/api-error';
import { mapConcurrently } from '../../src/lib/map-concurrently';
import type { Client, Fields } from '../client';
import type { Alert, CaseFile, Listener } from './case';
import { addressOf } from './listeners';
import { byDate } from './time';

/** No connection, an error of HTTP or TLS, a bad status, and five seconds. https://www.twilio.com/docs/api/errors */
const CODES = /^(112\d\d|50076)$/;
const MAX_LISTED = 2_000;
const MAX_FETCHED = 100;
const AT_ONCE = 5;

/** Reads the alerts about a conversation's webhooks. Which message one is about is in the alert alone, not in the list. */
export async function readAlerts(
  client: Client,
  conversation: string,
  listeners: readonly Listener[],
  from: string,
): Promise<Pick<CaseFile, 'alerts' | 'alertIssue'>> {
  const query = new URLSearchParams({ LogLevel: 'error', StartDate: from, PageSize: '200' });
  const known = new Set(listeners.map(({ address }) => address));
  try {
    const candidates: string[] = [];
    let listed = 0;
    for await (const { sid, error_code, resource_sid, request_url } of client.records(
      'monitor',
      `/v1/Alerts?${query}`,
      'alerts',
    )) {
      const isOurs = resource_sid === conversation || known.has(addressOf(`${request_url}`));
      if (CODES.test(`${error_code}`) && isOurs) candidates.push(`${sid}`);
      listed += 1;
      if (listed === MAX_LISTED || candidates.length === MAX_FETCHED) break;
    }
    const fetched = await mapConcurrently(candidates, AT_ONCE, (sid) =>
      client.record('monitor', `/v1/Alerts/${encodeURIComponent(sid)}`),
    );
    const alerts = fetched.flatMap((fields) => toAlert(fields, conversation) ?? []).sort(byDate);
    return { alerts, alertIssue: null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { alerts: [], alertIssue: `${error.code} ${error.message}` };
  }
}

/** Undefined if it is about another conversation. */
function toAlert(
  { date_created, error_code, request_url, request_variables, alert_text }: Fields,
  conversation: string,
): Alert | undefined {
  const variables = new URLSearchParams(`${request_variables ?? ''}`);
  if ((variables.get('ConversationSid') ?? conversation) !== conversation) return undefined;
  const status = Number(new URLSearchParams(`${alert_text ?? ''}`).get('httpResponse') ?? 0);
  return {
    date: `${date_created}`,
    code: Number(error_code),
    address: addressOf(`${request_url}`),
    webhook: variables.get('WebhookSid'),
    event: variables.get('EventType'),
    message: variables.get('MessageSid'),
    status: status >= 100 && status <= 599 ? status : null,
  };
}
