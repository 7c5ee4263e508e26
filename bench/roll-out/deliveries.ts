import type { Received } from '../../test/support/receiver';

/** Who got each message, by its SID: `bot`, or the path of the CRM's webhook; once for each time. */
export async function deliveriesOf(
  emulator: string,
  received: readonly Received[],
): Promise<Map<string, string[]>> {
  const got = new Map<string, string[]>();
  const note = (sid: string, who: string) => got.set(sid, [...(got.get(sid) ?? []), who]);
  const response = await fetch(`${emulator}/_emulator/executions`);
  const { executions } = (await response.json()) as { executions: { messages: { MessageSid: string }[] }[] };
  for (const { messages } of executions) for (const { MessageSid } of messages) note(MessageSid, 'bot');
  for (const { url, params } of received)
    if (params.EventType === 'onMessageAdded') note(params.MessageSid!, new URL(url).pathname);
  return got;
}
