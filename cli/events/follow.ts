import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../errors';

const RECONNECT_MS = 1_000;
/** The exit code if the emulator does not respond. */
const NO_RESPONSE = 3;

/** One change of the emulator: docs/emulator.md lists them. */
export interface Change {
  readonly event: string;
  readonly data: unknown;
}

interface Listener {
  opened(): void;
  lost(): void;
}

/**
 * The changes that a stream of Server-Sent Events sends, until the signal. It comes back after a lost connection, and gets what
 * it missed.
 * @throws CliError 3 if the emulator does not respond at the beginning
 */
export async function* follow(url: URL, signal: AbortSignal, listener: Listener): AsyncGenerator<Change> {
  let lastId: string | undefined;
  let isLost = false;
  while (!signal.aborted) {
    try {
      const body = await open(url, signal, lastId);
      isLost = false;
      listener.opened();
      for await (const { id, event, data } of blocks(body)) {
        lastId = id ?? lastId;
        if (event !== undefined) yield { event, data: JSON.parse(data ?? 'null') };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (lastId === undefined) throw error instanceof CliError ? error : unreachable(url, error);
    }
    if (!isLost && !signal.aborted) listener.lost();
    isLost = true;
    await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function open(
  url: URL,
  signal: AbortSignal,
  lastId: string | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const headers = { Accept: 'text/event-stream', ...(lastId !== undefined && { 'Last-Event-ID': lastId }) };
  const response = await fetch(url, { headers, signal });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (response.ok && isStream && response.body) return response.body;
  await response.body?.cancel();
  throw new CliError(
    `${url.origin} is not the emulator, or an older one: ${url.pathname} responded ${response.status}`,
    NO_RESPONSE,
  );
}

type Block = { id?: string; event?: string; data?: string };

async function* blocks(body: ReadableStream<Uint8Array>): AsyncGenerator<Block> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const complete = text.split('\n\n');
    text = complete.pop() ?? '';
    for (const block of complete) yield parse(block);
  }
}

// A line is `name: value`; one that begins with a colon is a comment.
const parse = (block: string): Block =>
  Object.fromEntries([...block.matchAll(/^(\w+): ?(.*)$/gm)].map(([, name, value]) => [name, value]));

function unreachable({ origin }: URL, error: unknown): CliError {
  const { cause } = error as Error & { cause?: { code?: string } };
  const reason = cause?.code ? ` (${cause.code})` : '';
  return new CliError(
    `${origin} is unreachable${reason}; start the emulator with npm start or npm run emulator`,
    NO_RESPONSE,
  );
}
