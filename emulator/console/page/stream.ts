import type { Store } from './store';

const RETRY_MS = 1_000;

/** Follows the emulator's stream, and reads again what has changed. After a lost connection it reads everything again. */
export function follow(store: Store): void {
  const source = new EventSource('/_emulator/stream');
  source.addEventListener('open', () => {
    store.set({ connection: 'live' });
    store.loadAll();
  });
  source.addEventListener('error', () => {
    store.set({ connection: 'lost' });
    // The browser reconnects by itself, unless the response was an error.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => follow(store), RETRY_MS);
  });
  const on = (name: string, load: (isOpen: boolean) => void) =>
    source.addEventListener(name, ({ data }: MessageEvent<string>) =>
      load(conversationOf(JSON.parse(data)) === store.state.sid),
    );
  for (const name of ['message', 'message_removed'])
    on(name, (isOpen) => {
      store.loadList();
      if (isOpen) store.loadMessages();
    });
  for (const name of ['conversation', 'conversation_removed', 'participants', 'webhooks'])
    on(name, (isOpen) => {
      store.loadList();
      if (isOpen) store.loadOpen();
    });
  for (const name of ['event', 'delivery']) on(name, (isOpen) => isOpen && store.loadEvents());
  on('execution', (isOpen) => isOpen && store.loadOpen());
  on('settings', () => {
    store.loadSettings();
    // The webhook of the account says where the functions are.
    store.loadNames();
  });
  on('reset', () => store.loadAll());
}

function conversationOf(data: Record<string, unknown>): unknown {
  const [record] = Object.values(data).filter((value) => typeof value === 'object' && value !== null);
  const { conversation_sid, sid } = { ...data, ...(record as object | undefined) } as Record<string, unknown>;
  return conversation_sid ?? sid;
}
