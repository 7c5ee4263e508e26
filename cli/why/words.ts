import { quote } from '../../src/lib/error-text';
import type { Alert, Line, Listener, Message } from './case';

const WRITERS: Readonly<Record<Message['writer'], string>> = {
  carrier: 'by SMS or another channel',
  chat: 'by a chat participant, or over the REST API',
  nobody: 'over the REST API',
};

export function describeMessage({ index, writer, body }: Message, bodies: boolean): string {
  const text = bodies && body !== null ? `: ${quote(body)}` : '';
  return `message ${index} ${WRITERS[writer]}${text}`;
}

/** What a call of a function did. */
export function describeLine(line: Line): string {
  const { operation, event, index, status, result, rule, from, to, why, steps, code, message, warnings } =
    line;
  const about = [
    operation === 'event' ? `functions: ${event}` : `functions: ${operation}`,
    index !== undefined && `of message ${index}`,
  ];
  const move = from !== undefined && to !== undefined && from !== to && `${from ?? 'no profile'} → ${to}`;
  const details = [
    [result, move, rule !== undefined && `by ${describeRule(rule)}`].filter(Boolean).join(' '),
    code !== undefined && `error ${code}: ${message}`,
    code === undefined && status >= 400 && `status ${status}`,
    why,
    steps?.join(', '),
    ...(warnings ?? []),
  ];
  return [about.filter(Boolean).join(' '), details.filter(Boolean).join('; ')].filter(Boolean).join(': ');
}

export function describeRule(rule: string | number): string {
  return typeof rule === 'number' ? `rules[${rule}]` : `rule ${quote(rule)}`;
}

export function describeAlert(
  { code, webhook, address, status }: Alert,
  listeners: readonly Listener[],
): string {
  const caller =
    listeners.find(({ sid }) => sid !== null && sid === webhook) ??
    listeners.find((listener) => listener.address === address);
  const label = caller?.label ?? address;
  const what =
    code === 50076
      ? 'took over five seconds'
      : status === null
        ? 'could not be reached'
        : `responded ${status}`;
  return `alert ${code}: ${label} ${what}`;
}

/** What a listener gets. */
export function describeSubscription({ target, filters, keywords }: Listener): string {
  if (target === 'trigger')
    return `messages with ${keywords.map((word) => quote(word)).join(', ') || 'no keyword'}`;
  return filters.join(', ') || 'no event';
}
