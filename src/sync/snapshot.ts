import { isRouter, type OwnWebhooks, parseRouter, type StoredState } from '../webhooks/router';
import { byAge, type Webhook } from '../webhooks/webhook';
import { type DesiredState, profileToday } from './desired-state';
import { groupByName, hashesOfProfile, type WebhooksByName } from './managed-webhooks';

/** The webhooks of a conversation at one moment. */
export interface Snapshot {
  readonly webhooks: readonly Webhook[];
  /** Unix seconds on Twilio's clock. */
  readonly date: number;
  /** When the list was requested and received, on our clock, in milliseconds: it shows a moment between the two. */
  readonly requestedAt: number;
  readonly takenAt: number;
  /** The managed ones. */
  readonly groups: WebhooksByName;
  /** The oldest router, and its state. */
  readonly router: Webhook | undefined;
  readonly state: StoredState | undefined;
  /** What the router's URL says of managed webhooks; today's if it does not. */
  readonly own: OwnWebhooks;
}

export function takeSnapshot(
  list: Pick<Snapshot, 'webhooks' | 'date' | 'requestedAt' | 'takenAt'>,
  desired: DesiredState,
): Snapshot {
  return { ...list, ...managedAmong(list.webhooks, desired) };
}

/** What the policy manages of a conversation's webhooks. */
export function managedAmong(
  webhooks: readonly Webhook[],
  desired: DesiredState,
): Pick<Snapshot, 'groups' | 'router' | 'state' | 'own'> {
  const [router] = webhooks.filter((webhook) => isRouter(webhook, desired.router)).sort(byAge);
  const state = router && parseRouter(router);
  const own = ownOf(state, desired);
  const groups = groupByName(webhooks, desired, new Set([...own.want, ...own.rest]));
  return { groups, router, state, own };
}

function ownOf(state: StoredState | undefined, desired: DesiredState): OwnWebhooks {
  if (!state) return { want: [], rest: [] };
  if (state.Own) return state.Own;
  const profile = profileToday(desired, state.Profile);
  return { want: profile === undefined ? [] : hashesOfProfile(desired, profile), rest: [] };
}
