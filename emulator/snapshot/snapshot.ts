import { createState, type EmulatorContext, type EmulatorState, replaceState } from '../context';
import type { SavedFaults } from '../faults/injector';
import { join } from '../faults/validate';
import type { Address } from '../state/addresses';
import type { Sink } from '../state/event-streams';
import type { Options } from '../state/options';
import type { Conversation, Service, WebhookSettings } from '../state/records';
import { addressPair } from '../state/store';
import type { SavedStudio } from '../state/studio';
import { refuse } from '../twilio/errors';
import { addresses, faults, options, type SavedSubscription, sinks, studio, subscriptions } from './account';
import { keyed, nullable, plain, record } from './codec';
import { count, date, text } from './fields';
import { service, webhookSettings } from './services';

/** Changes with the format. */
const VERSION = 1;

interface SavedState {
  emulator_snapshot: number;
  /** The emulator's time. */
  now: number;
  /** Which SIDs are taken, if they come from a seed. */
  sids: { seed: string | null; position: number };
  /** The last one that a record got. */
  serial: number;
  options: Options;
  /** The account's webhook. */
  settings: WebhookSettings;
  services: Map<string, Service>;
  addresses: Address[];
  sinks: Map<string, Sink>;
  subscriptions: Map<string, SavedSubscription>;
  studio: SavedStudio;
  faults: SavedFaults;
}

const codec = record<SavedState>({
  emulator_snapshot: plain({
    mustBe: `${VERSION}, the version that this emulator reads`,
    accepts: (value) => value === VERSION,
  }),
  now: date,
  sids: record<SavedState['sids']>({ seed: nullable(text), position: count }),
  serial: count,
  options,
  settings: webhookSettings,
  services: keyed(service, 'sid'),
  addresses,
  sinks,
  subscriptions,
  studio,
  faults,
});

/** What `GET /_emulator/snapshot` returns. */
export interface Snapshot {
  emulator_snapshot: number;
  [part: string]: unknown;
}

/** The whole state as JSON, but for the lists of what has happened. */
export function saveSnapshot(context: EmulatorContext): Snapshot {
  const { store, streams, sids, settings } = context;
  const saved = codec.save({
    emulator_snapshot: VERSION,
    now: context.clock.now(),
    sids: { seed: settings.seed ?? null, position: sids.digests?.position ?? 0 },
    serial: store.serial,
    options: context.options,
    settings: store.settings,
    services: store.services,
    addresses: context.addresses.all(),
    sinks: streams.sinks,
    subscriptions: new Map(
      [...streams.subscriptions].map(([key, { sink, ...rest }]) => [key, { ...rest, sinkSid: sink.sid }]),
    ),
    studio: context.studio.save(),
    faults: context.faults.save(),
  });
  return saved as Snapshot;
}

/** Replaces the state as a reset does. @throws TwilioError before anything is replaced, if the snapshot is not valid */
export function restoreSnapshot(context: EmulatorContext, json: unknown): void {
  const saved = codec.load(json, '');
  const { services, addresses, sinks, subscriptions } = json as { [part: string]: unknown };
  refuseSerialsAfter(saved.serial, { services, addresses, sinks, subscriptions }, '');
  const state = toState(context, saved);
  const { digests } = context.sids;
  if (digests !== undefined && saved.sids.seed === context.settings.seed)
    digests.position = Math.max(digests.position, saved.sids.position);
  replaceState(context, state);
  context.changes.emit({ type: 'reset' });
}

function toState({ settings }: EmulatorContext, saved: SavedState): EmulatorState {
  const state = createState(settings);
  const { store, streams } = state;
  state.clock.set(saved.now);
  Object.assign(state.options, saved.options);
  Object.assign(store, { settings: saved.settings, serial: saved.serial });
  for (const [sid, service] of saved.services) store.services.set(sid, service);
  for (const conversation of conversationsOf(saved)) {
    store.conversations.set(conversation.sid, conversation);
  }
  for (const [pair, conversation] of addressPairs(store.conversations.values()))
    store.byAddressPair.set(pair, conversation);
  for (const address of saved.addresses) state.addresses.add(address);
  for (const [sid, sink] of saved.sinks) streams.sinks.set(sid, sink);
  for (const [index, { sinkSid, ...rest }] of [...saved.subscriptions.values()].entries()) {
    const sink =
      saved.sinks.get(sinkSid) ??
      refuse(20001, `subscriptions[${index}].sinkSid must be the SID of one of the sinks`);
    streams.subscriptions.set(rest.sid, { ...rest, sink });
  }
  state.studio.restore(saved.studio);
  state.faults.restore(saved.faults);
  return state;
}

/** Of all services, the oldest first. */
function conversationsOf({ services }: SavedState): Conversation[] {
  const sids = new Set<string>();
  const all = [...services.values()].flatMap((service, position) =>
    service.conversations.ordered.map((conversation, index) => {
      if (sids.has(conversation.sid))
        refuse(20001, `services[${position}].conversations[${index}].sid is a duplicate`);
      sids.add(conversation.sid);
      return conversation;
    }),
  );
  return all.sort((a, b) => a.serial - b.serial);
}

/** A pair belongs to the conversation that got it last: those before are closed. */
function addressPairs(conversations: Iterable<Conversation>): [pair: string, Conversation][] {
  const claims = [...conversations].flatMap((conversation) =>
    [...conversation.participants.values()].flatMap(({ serial, binding }) => {
      const pair = addressPair(binding);
      return pair === null ? [] : [{ serial, pair, conversation }];
    }),
  );
  return claims.sort((a, b) => a.serial - b.serial).map(({ pair, conversation }) => [pair, conversation]);
}

// A page goes on after a serial, so a new record must not get one that is in use.
function refuseSerialsAfter(last: number, json: object, path: string): void {
  for (const [key, value] of Object.entries(json)) {
    if (key === 'serial' && value > last)
      refuse(20001, `${join(path, key)} must not be greater than serial, ${last}`);
    if (typeof value === 'object' && value !== null)
      refuseSerialsAfter(last, value, Array.isArray(json) ? `${path}[${key}]` : join(path, key));
  }
}
