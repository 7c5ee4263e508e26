import { control } from './api';
import { coalesce } from './coalesce';
import { decisionOf } from './decision';
import {
  CHANGE_MS,
  initialState,
  type Notice,
  nothingOpen,
  type Open,
  type State,
  slotChanges,
} from './state';
import type { Delivery, Execution, FaultSet, Message, Name, RecordedEvent, Settings, Summary } from './types';

/** What the emulator returns at most, and what is in the document: a conversation may have thousands of messages. */
const WINDOW = 150;
const STEP = 50;
const MAX_EVENTS = 100;
const MAX_EXECUTIONS = 20;

type Page = { total: number; messages: Message[] };

/** What the page shows, and how it is loaded. The stream only says what has changed; every change is read again. */
export class Store {
  state: State = initialState;
  readonly #listeners = new Set<() => void>();
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  readonly loadList = coalesce(() => this.#try(() => this.#readList()), 60);
  readonly loadOpen = coalesce(() => this.#try(() => this.#readOpen()), 30);
  readonly loadMessages = coalesce(() => this.#try(() => this.#readMessages()), 30);
  readonly loadEvents = coalesce(() => this.#try(() => this.#readEvents()), 60);
  readonly loadNames = coalesce(() => this.#try(() => this.#readNames()), 150);
  readonly loadSettings = coalesce(() => this.#try(() => this.#readSettings()), 30);

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Does what the user asked for, and shows the error if it fails. Returns whether it succeeded. */
  async act(action: () => Promise<unknown>, done?: string): Promise<boolean> {
    try {
      await action();
      if (done !== undefined) this.tell({ kind: 'done', text: done });
      return true;
    } catch (error) {
      this.tell({ kind: 'error', text: (error as Error).message });
      return false;
    }
  }

  tell(notice: Notice): void {
    clearTimeout(this.#noticeTimer);
    this.set({ notice });
    this.#noticeTimer = setTimeout(() => this.set({ notice: null }), 8_000);
  }

  loadAll(): void {
    this.loadSettings();
    this.loadList();
    this.#loadConversation();
  }

  search(search: string): void {
    this.set({ search });
    this.loadList();
  }

  select(sid: string | null): void {
    if (sid === this.state.sid) return;
    this.set({ sid, open: nothingOpen });
    this.#loadConversation();
  }

  /** Moves the window of messages towards the oldest or the newest. */
  async showMore(direction: 'earlier' | 'later'): Promise<void> {
    const { open, sid } = this.state;
    const [first, last] = [open.messages[0], open.messages.at(-1)];
    if (sid === null || first === undefined || last === undefined) return;
    const earlier = direction === 'earlier';
    const query = earlier ? `Before=${first.index}` : `After=${last.index}`;
    const { messages, total } = await this.#page(sid, query);
    const step = earlier ? messages.slice(-STEP) : messages.slice(0, STEP);
    const all = earlier ? [...step, ...open.messages] : [...open.messages, ...step];
    const shown = earlier ? all.slice(0, WINDOW) : all.slice(-WINDOW);
    const follows = earlier ? open.follows && all.length <= WINDOW : step.length === messages.length;
    this.#update(sid, { messages: shown, total, follows });
  }

  showNewest(): void {
    this.#update(this.state.sid, { follows: true, messages: [] });
    this.loadMessages();
  }

  #loadConversation(): void {
    if (this.state.sid === null) return;
    this.loadOpen();
    this.loadMessages();
    this.loadEvents();
    this.loadNames();
  }

  async #readList(): Promise<void> {
    const { search } = this.state;
    const { conversations, total } = await control<{ conversations: Summary[]; total: number }>(
      'GET',
      `/conversations?${new URLSearchParams({ Search: search })}`,
    );
    const activity = ({ conversation, last_message }: Summary) =>
      last_message?.date_created ?? conversation.date_created;
    // The server has the newest conversation first, which decides among those of the same second.
    conversations.sort((a, b) => activity(b).localeCompare(activity(a)));
    this.set({ conversations, total });
    const [first] = conversations;
    if (this.state.sid === null && first !== undefined) this.select(first.conversation.sid);
  }

  async #readOpen(): Promise<void> {
    const { sid } = this.state;
    if (sid === null) return;
    const [summary, { executions }] = await Promise.all([
      control<Summary>('GET', `/conversations/${sid}`).catch(() => null),
      control<{ executions: Execution[] }>(
        'GET',
        `/executions?ConversationSid=${sid}&Limit=${MAX_EXECUTIONS}`,
      ),
    ]);
    if (this.state.sid !== sid) return;
    if (summary === null) return this.#close();
    const { open } = this.state;
    const before = open.summary?.webhooks ?? summary.webhooks;
    const changes = slotChanges(before, summary.webhooks, open.changes, Date.now());
    this.#update(sid, { summary, executions, changes });
    if (changes.length > 0) setTimeout(() => this.#forgetChanges(), CHANGE_MS + 50);
    if (JSON.stringify(before) !== JSON.stringify(summary.webhooks)) this.loadNames();
  }

  /** The open conversation is gone: back to the one of the list that comes first. */
  #close(): void {
    history.replaceState(null, '', location.pathname);
    this.set({ sid: null, open: nothingOpen });
    this.loadList();
  }

  #forgetChanges(): void {
    const { open, sid } = this.state;
    const changes = open.changes.filter(({ at }) => Date.now() - at < CHANGE_MS);
    if (changes.length < open.changes.length) this.#update(sid, { changes });
  }

  async #readMessages(): Promise<void> {
    const { sid, open } = this.state;
    if (sid === null) return;
    const last = open.messages.at(-1)?.index ?? 0;
    const { total, messages } = await this.#page(sid, open.follows ? '' : `Before=${last + 1}`);
    // The window has moved meanwhile.
    if (this.state.open.messages !== open.messages) return this.loadMessages();
    this.#update(sid, { total, messages });
  }

  async #readEvents(): Promise<void> {
    const { sid } = this.state;
    if (sid === null) return;
    const query = `?ConversationSid=${sid}&Limit=`;
    const [{ events }, { deliveries }] = await Promise.all([
      control<{ events: RecordedEvent[] }>('GET', `/events${query}${MAX_EVENTS}`),
      control<{ deliveries: Delivery[] }>('GET', `/deliveries${query}${MAX_EVENTS * 6}`),
    ]);
    // Names of webhooks that are gone already; those of the functions win.
    const planned = deliveries.flatMap((delivery) => decisionOf(delivery)?.names ?? []);
    const known = planned.map((name): [string, Name] => [name.sid, name]);
    this.set({ names: new Map([...known, ...this.state.names]) });
    this.#update(sid, {
      events: events.toReversed(),
      deliveries: new Map(deliveries.map((delivery) => [delivery.id, delivery])),
    });
  }

  async #readNames(): Promise<void> {
    const { sid } = this.state;
    if (sid === null) return;
    const { functions, webhooks } = await control<{ functions: string | null; webhooks: Name[] }>(
      'GET',
      `/conversations/${sid}/names`,
    ).catch(() => ({ functions: null, webhooks: [] }));
    const names = new Map([...this.state.names, ...webhooks.map((name) => [name.sid, name] as const)]);
    this.set({ functions, names });
  }

  async #readSettings(): Promise<void> {
    const [{ now }, options, faults] = await Promise.all([
      control<{ now: string }>('GET', '/clock'),
      control<Pick<Settings, 'options' | 'definitions'>>('GET', '/options'),
      control<FaultSet>('GET', '/faults'),
    ]);
    this.set({ settings: { ...options, faults, aheadMs: Date.parse(now) - Date.now() } });
  }

  #page(sid: string, query: string): Promise<Page> {
    return control<Page>('GET', `/conversations/${sid}/messages?${query}`);
  }

  /** Unless another conversation was opened meanwhile. */
  #update(sid: string | null, change: Partial<Open>): void {
    if (this.state.sid === sid) this.set({ open: { ...this.state.open, ...change } });
  }

  async #try(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      // While the connection is lost, the header says so.
      if (this.state.connection === 'live') this.tell({ kind: 'error', text: (error as Error).message });
    }
  }
}
