import type { Delivery, EventWebhook } from '../../emulator/state/history';
import { sanitizeUrl, stripControlCharacters } from '../sanitize';
import type { Style } from '../style';
import type { EventResult } from './collector';
import { describeResponse } from './response';

const MAX_BODY = 60;

/** A line for the event, one for why it could reach nobody, and one for each webhook that has another reason or got it. */
export function print(event: EventResult, style: Style): string {
  const { webhooks, message } = event;
  const lines = [
    ...(message === null ? [] : [skipped(message, style)]),
    ...webhooks
      .filter(({ reason }) => reason === null || reason !== event.reason)
      .flatMap((webhook) => webhookLines(webhook, style)),
  ];
  return [eventLine(event, style), ...lines].join('\n');
}

function eventLine(
  { date, event_type, conversation_sid, message_index, replay, params }: EventResult,
  style: Style,
) {
  const who = params.Author ?? params.Identity ?? params['MessagingBinding.Address'];
  const what = params.Body ?? params.StateTo ?? params.Status;
  return [
    style('dim', date.slice(11, 19)),
    style('bold', event_type),
    conversation_sid,
    message_index !== null && `#${message_index}`,
    who !== undefined && clean(who),
    what !== undefined && clean(params.Body === undefined ? what : JSON.stringify(what)),
    replay && style('yellow', 'replay'),
  ]
    .filter(Boolean)
    .join(' ');
}

function webhookLines(webhook: EventResult['webhooks'][number], style: Style): string[] {
  const target = describeTarget(webhook);
  if (webhook.reason !== null) return [skipped(`${target} ${webhook.message}`, style)];
  return webhook.deliveries.map((delivery) => deliveryLine(delivery, target, style));
}

const skipped = (text: string, style: Style) => `  ${style('dim', `– ${clean(text, 200)}`)}`;

function deliveryLine(delivery: Delivery, target: string, style: Style): string {
  const { outcome, status, duration, error, execution_sid, duplicate_of } = delivery;
  const isGood = outcome === 'studio' || (outcome === 'answered' && (status ?? 0) < 400);
  const result = [
    outcome === 'answered' ? String(status) : outcome === 'studio' ? 'delivered' : outcome,
    error,
    outcome !== 'studio' && outcome !== 'blocked' && `${duration} ms`,
  ];
  const decision = describeResponse(delivery);
  return [
    ` ${isGood ? style('green', ' ✓') : style('red', ' ✗')}`,
    style(isGood ? 'green' : 'red', result.filter(Boolean).join(' ')),
    clean(target, 120),
    execution_sid,
    duplicate_of !== null && style('yellow', 'again'),
    decision && style('cyan', clean(decision, 200)),
  ]
    .filter(Boolean)
    .join(' ');
}

/** The URL without its query, which is long in the router's. */
function describeTarget({ level, target, url, flow_sid }: EventWebhook): string {
  const place = flow_sid ?? sanitizeUrl(url ?? '', `${url}`);
  return `${level === 'scoped' ? target : level} ${place}`;
}

function clean(text: string, length = MAX_BODY): string {
  const safe = stripControlCharacters(text);
  return safe.length > length ? `${safe.slice(0, length)}…` : safe;
}
