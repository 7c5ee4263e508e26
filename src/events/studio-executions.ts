/** Event Streams' type for the end of a Studio execution. https://www.twilio.com/docs/events/event-types/studio/flow */
const ENDED = 'com.twilio.studio.flow.execution.ended';

/**
 * The conversations of ended executions, without duplicates, in a batch of Event Streams: a JSON array, which a Function
 * receives as the keys `0`, `1`, …; or a single event. Other types are skipped, and so are executions of calls and of
 * messages outside Conversations.
 */
export function conversationsOfEndedExecutions(event: object): string[] {
  const items = Object.entries(event).flatMap(([key, item]) => (/^\d+$/.test(key) ? [item] : []));
  return [...new Set([event, ...items].flatMap(conversationOf))];
}

/** The service that the sink's URL names for conversations outside the default one. Empty means none. */
export function serviceOfSink({ ServiceSid }: { readonly ServiceSid?: unknown }): string | undefined {
  return typeof ServiceSid === 'string' && ServiceSid !== '' ? ServiceSid : undefined;
}

function conversationOf(item: unknown): string[] {
  const { type, data } = fieldsOf(item);
  const { contact_channel_address: address } = fieldsOf(data);
  return type === ENDED && typeof address === 'string' && /^CH[0-9a-fA-F]{32}$/.test(address)
    ? [address]
    : [];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
