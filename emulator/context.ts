import { FaultInjector } from './faults/injector';
import { DeliveryQueue } from './queue/delivery-queue';
import { Addresses } from './state/addresses';
import { Changes } from './state/changes';
import { type Clock, createClock } from './state/clock';
import { EventStreams } from './state/event-streams';
import type { FlexToken } from './state/flex-tokens';
import type { Environment, FunctionLog } from './state/function-logs';
import type { Alert, Delivery, LoggedRequest, ReceivedRequest, RecordedEvent } from './state/history';
import { defaultOptions, type Options } from './state/options';
import { Recent } from './state/recent';
import type { Conversation } from './state/records';
import type { Registrations } from './state/registrations';
import { createSids, type Sids } from './state/sids';
import { Store } from './state/store';
import { Studio } from './state/studio';

export interface ContextSettings {
  /** The options to start with, and to return to on reset. */
  options?: Options;
  /** Makes SIDs and random faults the same in every run. */
  seed?: string;
  /** Allows deliveries to leave this machine. */
  allowRemote?: boolean;
  /** Milliseconds since 1970; the machine's clock by default. */
  now?: () => number;
}

/** Everything that a reset replaces. */
export interface EmulatorState {
  readonly store: Store;
  readonly clock: Clock;
  readonly options: Options;
  readonly studio: Studio;
  readonly streams: EventStreams;
  readonly addresses: Addresses;
  faults: FaultInjector;
  readonly events: Recent<RecordedEvent>;
  readonly deliveries: Recent<Delivery>;
  readonly alerts: Recent<Alert>;
  readonly functionLogs: Recent<FunctionLog>;
  readonly flexTokens: Recent<FlexToken>;
  readonly requests: Recent<LoggedRequest>;
  readonly received: Recent<ReceivedRequest>;
}

/**
 * The emulator, as every part of it gets it: the current state, and what outlives a reset. A reset puts a new state in
 * here, so read the state from the context each time instead of keeping a part of it.
 */
export interface EmulatorContext extends EmulatorState {
  readonly settings: ContextSettings;
  /** Never returns the same SID twice, not even after a reset. */
  readonly sids: Sids;
  readonly queue: DeliveryQueue;
  /** To be told of each change of the state. */
  readonly changes: Changes;
  /** Where functions run, by their domain. */
  readonly environments: Map<string, Environment>;
  /** What a reset brings back. */
  registrations: Registrations | undefined;
}

export function createState(settings: ContextSettings): EmulatorState {
  return {
    store: new Store(),
    clock: createClock(settings.now),
    options: { ...(settings.options ?? defaultOptions()) },
    studio: new Studio(),
    streams: new EventStreams(),
    addresses: new Addresses(),
    faults: createFaults(settings),
    events: new Recent(10_000),
    deliveries: new Recent(10_000),
    alerts: new Recent(1_000),
    functionLogs: new Recent(10_000),
    flexTokens: new Recent(1_000),
    requests: new Recent(5_000),
    received: new Recent(1_000),
  };
}

export const createFaults = ({ seed = 'emulator' }: ContextSettings) => new FaultInjector(seed);

export const createContext = (settings: ContextSettings = {}): EmulatorContext => ({
  settings,
  sids: createSids(settings.seed),
  queue: new DeliveryQueue(),
  changes: new Changes(),
  environments: new Map(),
  registrations: undefined,
  ...createState(settings),
});

/** Drops the deliveries that are not sent yet, and replaces the whole state. */
export function replaceState(context: EmulatorContext, state = createState(context.settings)): void {
  context.queue.cancelPending();
  Object.assign(context, state);
}

/** Lets resets bring back what is registered on the account now. */
export function keepRegistrations(context: EmulatorContext): void {
  const { store, addresses, streams } = context;
  const { settings, serial } = store;
  const { sinks, subscriptions } = streams;
  context.registrations = structuredClone({
    settings,
    serial,
    addresses: addresses.all(),
    sinks,
    subscriptions,
  });
}

/** To be called on a new state, before anything is added to it. */
export function restoreRegistrations({ registrations, store, addresses, streams }: EmulatorContext): void {
  if (registrations === undefined) return;
  // Copied as one, since subscriptions refer to their sinks.
  const copy = structuredClone(registrations);
  Object.assign(store, { settings: copy.settings, serial: copy.serial });
  for (const address of copy.addresses) addresses.add(address);
  for (const [sid, sink] of copy.sinks) streams.sinks.set(sid, sink);
  for (const [sid, subscription] of copy.subscriptions) streams.subscriptions.set(sid, subscription);
}

/** Dates that a request may set. */
export interface Dates {
  created?: number | undefined;
  updated?: number | undefined;
}

/** The four fields that every record has. */
export function newRecord(context: EmulatorContext, prefix: Parameters<Sids>[0], dates: Dates = {}) {
  const dateCreated = dates.created ?? context.clock.now();
  return {
    serial: context.store.nextSerial(),
    sid: context.sids(prefix),
    dateCreated,
    dateUpdated: dates.updated ?? dateCreated,
  };
}

/** Whether the conversation is still there: a replay outlives the request that started it. */
export const conversationExists = (context: EmulatorContext, conversation: Conversation) =>
  context.store.conversations.get(conversation.sid) === conversation;
