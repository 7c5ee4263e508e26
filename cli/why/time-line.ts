import type { CaseFile } from './case';
import { byDate, toMs } from './time';
import { describeAlert, describeLine, describeMessage } from './words';

export interface Entry {
  readonly date: string;
  readonly text: string;
}

/** What happened since the time line begins, oldest first. What has the same second is in the order of cause and effect. */
export function timeLine(
  { since, now, conversation, listeners, messages, log, alerts }: CaseFile,
  bodies: boolean,
): Entry[] {
  const entries = [
    { date: conversation.created, text: 'conversation created' },
    ...messages.map((message) => ({ date: message.date, text: describeMessage(message, bodies) })),
    ...listeners.flatMap(({ created, label }) =>
      created === null ? [] : [{ date: created, text: `${label} attached` }],
    ),
    ...log.lines
      .filter(({ operation }) => operation !== 'list' && operation !== 'flex list')
      .map((line) => ({ date: line.date, text: describeLine(line) })),
    ...alerts.map((alert) => ({ date: alert.date, text: describeAlert(alert, listeners) })),
  ];
  return entries
    .filter(({ date }) => toMs(date) >= toMs(since) && toMs(date) <= toMs(now) + 60_000)
    .sort(byDate);
}
