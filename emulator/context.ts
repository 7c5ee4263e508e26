import { Faults } from './faults/injector';
import { Courier } from './queue/delivery-queue';
import { Addresses } from './state/addresses';
import { type Clock, createClock } from './state/clock';
import type { Delivery } from './state/delivery-log';
import { EventStreams } from './state/event-streams';
import { defaultOptions, type Options } from './state/options';
import { Recent } from './state/recent';
import { createSids, type Sids } from './state/sids';
import { type Conversation, Store } from './state/store';
import { Studio } from './state/studio';

export interface WorldSettings {
  /** The options this world starts with, and returns to on reset. */
  options?: Options;
  /** Makes SIDs the same in every run, and what faults leave to chance. */
  seed?: string;
  /** Lets deliveries leave this machine. */
  allowRemote?: boolean;
  clock?: Clock;
}

/** All there is between two resets; whoever needs a part of it is handed the whole. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly sids: Sids;
  readonly options: Options;
  readonly startOptions: Options;
  readonly allowRemote: boolean;
  readonly studio: Studio;
  readonly streams: EventStreams;
  readonly addresses: Addresses;
  readonly faults: Faults;
  readonly courier: Courier;
  readonly deliveries: Recent<Delivery>;
}

export function createWorld(settings: WorldSettings = {}): World {
  const startOptions = settings.options ?? defaultOptions();
  return {
    store: new Store(),
    clock: settings.clock ?? createClock(),
    sids: createSids(settings.seed),
    options: { ...startOptions },
    startOptions,
    allowRemote: settings.allowRemote ?? false,
    studio: new Studio(),
    streams: new EventStreams(),
    addresses: new Addresses(),
    faults: new Faults(settings.seed ?? 'emulator'),
    courier: new Courier(),
    deliveries: new Recent(10_000),
  };
}

/** Dates a request may claim for what it creates. */
export interface Dates {
  created?: number | undefined;
  updated?: number | undefined;
}

/** The four things every new record starts with. */
export function born(world: World, prefix: Parameters<Sids>[0], dates: Dates = {}) {
  const dateCreated = dates.created ?? world.clock.now();
  return {
    serial: world.store.serial(),
    sid: world.sids(prefix),
    dateCreated,
    dateUpdated: dates.updated ?? dateCreated,
  };
}

/** Whether the conversation is still there: replays outlive requests. */
export const exists = (world: World, conversation: Conversation) =>
  world.store.conversations.get(conversation.sid) === conversation;
