import type { Rule } from '../policy/rule';
import type { ReplayAfter } from '../webhooks/replay-after';
import type { StoredState } from '../webhooks/router';

/** A rule and its position in the policy. */
export type NumberedRule = Rule & { readonly index: number };

/** What starts a run. */
export type Trigger = EventTrigger | RequestedProfile | Repair;

export interface EventTrigger {
  readonly kind: 'event';
  /** The event's key: it decides only once. */
  readonly key: string;
  /** The rules whose conditions match, in order. */
  readonly rules: readonly NumberedRule[];
  /** Index of the message that was added: the newest one that is known. */
  readonly added?: number | undefined;
  /** Index of the message that the event is about, which may be an old one. */
  readonly about?: number | undefined;
  /** What the router's URL said that sent the event; undefined if it came by a service's webhook. */
  readonly router?: StoredState | undefined;
  /** Whether the index of the newest message is needed before the first list: to decide, and not in the event. */
  readonly needsNewest: boolean;
  /** Whether an event that decides nothing repairs the conversation. */
  readonly repairs: boolean;
}

/** A caller who asks for a profile. */
export interface RequestedProfile {
  readonly kind: 'request';
  readonly key: string;
  readonly profile: string;
  readonly replayAfter?: ReplayAfter | undefined;
  /** Whether the caller knows that the index of the newest message is needed: before the list, it does not age the list. */
  readonly needsNewest?: boolean;
}

interface Repair {
  readonly kind: 'repair';
  /** As of a requested profile. */
  readonly needsNewest?: boolean;
}

/**
 * How long after its last decision a run lists again, in milliseconds: until then, another run may have overwritten it
 * unseen. A caller waits for a request.
 */
export function lateListMs({ kind }: Trigger): number {
  return kind === 'request' ? 500 : 1_000;
}
