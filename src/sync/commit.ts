import { ApiError } from '../lib/api-error';
import { MAX_WEBHOOKS } from '../lib/limits';
import { type RouterState, routerDefinition } from '../webhooks/router';
import { slotSummary, type Webhook } from '../webhooks/webhook';
import { type DesiredState, groupByName, missingWebhooks, plan, ROUTER, type Step } from './plan';

/** The profile that a conversation is to enter. */
export interface Decision {
  readonly profile: string;
  /** Index of the first message that rules may match from now on. */
  readonly since?: number | undefined;
  /** Index of the first message that the profile's webhooks must receive; `since` by default. */
  readonly replay?: number | undefined;
}

/** The step that writes the decision to the router. From then on any run can complete it. */
export interface Commit {
  readonly step: 'commit';
  readonly webhook: typeof ROUTER;
  /** The existing router; undefined if it is to be created. */
  readonly sid?: string;
  readonly state: RouterState;
  readonly why: string;
}

interface RouterView {
  readonly webhooks: readonly Webhook[];
  readonly router: Webhook | undefined;
  readonly state: RouterState | undefined;
}

/**
 * The state that a decision leads to. `Since` never goes back. While a webhook of the current profile is still missing, its
 * pending replay stays: the lower `Replay` counts.
 */
export function nextState(
  { webhooks, state }: RouterView,
  decision: Decision,
  at: number,
  desired: DesiredState,
): RouterState {
  const since = Math.max(decision.since ?? 0, state?.Since ?? 0);
  const replay = decision.replay ?? since;
  const unfinished = state !== undefined && missingWebhooks(webhooks, desired, state.Profile).length > 0;
  return {
    Profile: decision.profile,
    Since: since,
    Replay: unfinished ? Math.min(replay, state.Replay) : replay,
    At: at,
  };
}

/**
 * The steps that carry out a decision: the commit, then the plan for what is left to do. A new router needs a slot: if none
 * is free, a managed webhook that is not in the new profile is deleted.
 * @throws ApiError 50361 if no slot can be freed
 */
export function commitSteps(
  seen: RouterView,
  state: RouterState,
  desired: DesiredState,
  full: boolean,
): (Step | Commit)[] {
  const why = `enters profile ${state.Profile}`;
  const wanted = { profile: state.Profile, replay: state.Replay, full };
  if (seen.router)
    return [
      { step: 'commit', webhook: ROUTER, sid: seen.router.sid, state, why },
      ...plan(seen.webhooks, desired, wanted),
    ];
  const room =
    full || seen.webhooks.length >= MAX_WEBHOOKS ? freeSlot(seen.webhooks, desired, state.Profile) : [];
  const left = seen.webhooks.filter(({ sid }) => !room.some((step) => step.sid === sid));
  return [
    ...room,
    { step: 'commit', webhook: ROUTER, state, why },
    ...plan([...left, placeholderRouter(state, desired)], desired, wanted),
  ];
}

export function noSlotError(webhooks: readonly Webhook[], missing: readonly string[]): ApiError {
  const details = { missing, webhooks: webhooks.map(slotSummary) };
  return new ApiError(
    50361,
    `No free slot for ${missing.join(', ')}; detach a webhook that is not needed`,
    details,
    403,
  );
}

function freeSlot(webhooks: readonly Webhook[], desired: DesiredState, profile: string) {
  const [leaving] = [...groupByName(webhooks, desired)].filter(
    ([name, [, ...younger]]) => younger.length > 0 || !desired.profiles[profile]?.includes(name),
  );
  const sid = leaving?.[1].at(-1)?.sid;
  if (leaving === undefined || sid === undefined) throw noSlotError(webhooks, [ROUTER]);
  return [{ step: 'delete', webhook: leaving[0], sid, why: 'the router needs its slot' } as const];
}

// Represents the router in a plan before it is created.
function placeholderRouter(state: RouterState, { router }: DesiredState): Webhook {
  const definition = routerDefinition(state, router);
  return {
    sid: '',
    account_sid: '',
    conversation_sid: '',
    target: 'webhook',
    url: '',
    configuration: { ...definition },
    date_created: '',
    date_updated: '',
  };
}
