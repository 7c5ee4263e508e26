import { isoSeconds } from '../../state/clock';
import type { Alert } from '../../state/history';
import { ACCOUNT_SID } from '../../twilio/account';
import { page } from '../paging';
import { Params } from '../params';
import { type ApiRequest, notFound, type Operation, ok } from '../request';

/** Newest first. */
const list: Operation = (request) => {
  const query = new Params(request.query);
  const level = query.string('LogLevel') ?? LOG_LEVEL;
  const from = query.date('StartDate', 20001) ?? Number.NEGATIVE_INFINITY;
  const to = query.date('EndDate', 20001) ?? Number.POSITIVE_INFINITY;
  const alerts = request.context.alerts
    .all()
    .filter(({ dateCreated }) => level === LOG_LEVEL && dateCreated >= from && dateCreated <= to);
  const rules = { key: 'alerts', default: 50, max: 1000, descending: true };
  return page(request, alerts, rules, (alert) => print(request, alert));
};

/** With the variables of the request and the response, which the list leaves out. */
const fetch: Operation = (request) => {
  const alert = request.context.alerts.all().find(({ sid }) => sid === request.pathParams.Sid);
  if (alert === undefined) return notFound(request);
  const { params, response } = alert.delivery;
  return ok({
    ...print(request, alert),
    request_variables: new URLSearchParams(params).toString(),
    request_headers: null,
    response_headers: response && new URLSearchParams(response.headers).toString(),
    response_body: response?.body ?? null,
  });
};

const LOG_LEVEL = 'error';

function print({ origin }: ApiRequest, { sid, dateCreated, dateUpdated, code, delivery }: Alert) {
  const text = new URLSearchParams({ ErrorCode: String(code), LogLevel: 'ERROR', url: delivery.url ?? '' });
  if (delivery.status !== null) text.set('httpResponse', String(delivery.status));
  return {
    sid,
    account_sid: ACCOUNT_SID,
    alert_text: text.toString(),
    api_version: '2010-04-01',
    date_created: isoSeconds(dateCreated),
    date_generated: isoSeconds(dateCreated),
    date_updated: isoSeconds(dateUpdated),
    error_code: String(code),
    log_level: LOG_LEVEL,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    request_method: delivery.method,
    request_url: delivery.url,
    resource_sid: delivery.conversation_sid,
    service_sid: null,
    url: `${origin}/v1/Alerts/${sid}`,
  };
}

export const alerts = { list, fetch };
