import { until } from './until';

export interface ServerSentEvent {
  readonly id: number;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the data that it expects
  readonly data: any;
}

/** A client of `/_emulator/stream`. Resolves once it is connected. */
export async function openStream(url: string, lastEventId?: number | string) {
  const abort = new AbortController();
  const headers = lastEventId === undefined ? undefined : { 'Last-Event-ID': String(lastEventId) };
  const response = await fetch(url, { signal: abort.signal, ...(headers && { headers }) });
  let text = '';
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().catch(() => undefined);
  const blocks = () => text.split('\n\n').slice(0, -1).map(parseBlock);
  const events = () =>
    blocks().flatMap(({ id, event, data }): ServerSentEvent[] =>
      event === undefined ? [] : [{ id: Number(id), event, data: JSON.parse(`${data}`) }],
    );
  await until(
    () => blocks().length > 0,
    () => 'the stream did not begin',
  );
  return {
    response,
    text: () => text,
    events,
    /** Resolves with the event of this name, once it is there. */
    async received(name: string, count = 1): Promise<ServerSentEvent> {
      const found = () => events().filter(({ event }) => event === name)[count - 1];
      await until(
        () => found() !== undefined,
        () => `no ${name} in:\n${text}`,
      );
      return found()!;
    },
    /** The last id, also without an event. */
    lastId: () => Number(blocks().findLast(({ id }) => id !== undefined)?.id),
    /** Resolves when the emulator has ended the connection. */
    ended,
    async close(): Promise<void> {
      abort.abort();
      await ended;
    },
  };
}

function parseBlock(block: string): { id?: string; event?: string; data?: string; retry?: string } {
  return Object.fromEntries(
    block.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line)?.slice(1) ?? [line, '']),
  );
}
