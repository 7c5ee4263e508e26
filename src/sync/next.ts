import { decide, isDecision } from './decide';
import { type DesiredState, profileToday } from './desired-state';
import { missingWebhooks, ROUTER } from './managed-webhooks';
import { isReplayOwed, isUnfinished } from './next-state';
import type { Step } from './plan';
import type { RunState } from './run-state';
import type { Snapshot } from './snapshot';
import { adoptionSteps, decisionSteps, impossibleIn, leftoverSteps, repairSteps } from './steps';
import { lateListMs, type Trigger } from './trigger';

const MAX_ROUNDS = 8;
/** How often webhooks may be missing without a slot for them, as another run may have taken it for a moment. */
const MAX_SLOTS_MISSED = 4;
/** How long after a list that was older than the event the next one is worth a try. */
const STALE_LIST_MS = 500;

/** Why a run stops. */
export type Stop =
  | { readonly kind: 'done'; readonly why: string; readonly settled?: boolean }
  | { readonly kind: 'unknownProfile'; readonly profile: string }
  | { readonly kind: 'noSlot'; readonly missing: readonly string[] }
  | { readonly kind: 'tooManyRounds' }
  | { readonly kind: 'outOfTime' };

/** What a run does next. */
export type Next =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  /** Fetch the index of the newest message, then go on with the same list, or with a new one. */
  | { readonly kind: 'fetchNewest'; readonly afterwards: 'goOn' | 'list' }
  /** List again, at the earliest at this time on our clock. */
  | { readonly kind: 'list'; readonly reason: 'slot' | 'stale'; readonly notBefore: number }
  /** List again, at the earliest at this time, to verify the decision: then stop for this reason. */
  | { readonly kind: 'verify'; readonly notBefore: number; readonly stop: Stop }
  | { readonly kind: 'stop'; readonly stop: Stop };

/** What a run does with a list: decide, adopt, repair, or stop. */
export function decideNext(
  run: RunState,
  snapshot: Snapshot,
  { trigger, desired }: { readonly trigger: Trigger; readonly desired: DesiredState },
): Next {
  const { state } = snapshot;
  const added = trigger.kind === 'event' ? trigger.added : undefined;
  const newest = added ?? run.newest;
  const end = (stop: Stop): Next => endAfterLateList(run, snapshot, trigger, stop);
  const go = (steps: readonly Step[]): Next =>
    run.rounds >= MAX_ROUNDS ? end({ kind: 'tooManyRounds' }) : { kind: 'steps', steps };
  if (run.outOfTime) return end({ kind: 'outOfTime' });
  if (!run.relisted && isOlderThan(snapshot, trigger))
    return { kind: 'list', reason: 'stale', notBefore: snapshot.takenAt + STALE_LIST_MS };

  const found = decide(trigger, state, desired, run.newest);
  const current = state && profileToday(desired, state.Profile);

  // Nothing can be written any more, but what the profile does not need can still be deleted from a closed conversation.
  if (run.closed || run.refusedProfile !== undefined) {
    const meant = run.refusedProfile ?? (isDecision(found) ? found.profile : current);
    const steps =
      run.closed && meant !== undefined ? repairSteps(run, snapshot, desired, { profile: meant }) : [];
    const deletes = steps.filter(({ step }) => step === 'delete');
    return deletes.length > 0 ? go(deletes) : end({ kind: 'done', why: 'refused' });
  }

  // Decide.
  if (isDecision(found)) {
    const { replay } = found;
    const mayBeOwed =
      state && newest === undefined && isUnfinished(snapshot) && !isReplayOwed(snapshot, newest);
    if (replay === undefined || (!state && found.routerReplay === undefined) || mayBeOwed)
      return { kind: 'fetchNewest', afterwards: 'goOn' };
    const steps = decisionSteps(run, snapshot, desired, { decision: { ...found, replay }, newest });
    return steps ? go(steps) : end({ kind: 'noSlot', missing: [ROUTER] });
  }
  if (!state) return end({ kind: 'done', why: found.why });
  if (trigger.kind === 'event' && !trigger.repairs && !run.decided)
    return end({ kind: 'done', why: found.why });
  if (current === undefined) return end({ kind: 'unknownProfile', profile: state.Profile });

  // Adopt.
  if (state.Policy !== desired.policyHash || !state.complete) {
    if (run.decided || run.adopted) {
      const leftovers = leftoverSteps(run, snapshot);
      if (leftovers.length > 0) return go(leftovers);
      return end({ kind: 'done', why: 'another version of the policy is at work' });
    }
    if (newest === undefined) return { kind: 'fetchNewest', afterwards: 'list' };
    return go(adoptionSteps(run, snapshot, desired, current, { newest, added }));
  }

  // Repair.
  const owed = run.decided !== undefined || run.adopted || isReplayOwed(snapshot, newest);
  const steps = repairSteps(run, snapshot, desired, {
    profile: current,
    replay: owed ? state.Replay : added,
  });
  const impossible = impossibleIn(run);
  const missing = missingWebhooks(snapshot.groups, desired, current).filter((name) => !impossible.has(name));
  if (missing.length > 0 && !owed && newest === undefined) return { kind: 'fetchNewest', afterwards: 'list' };
  if (steps.length > 0) return go(steps);
  if (missing.length === 0) return end({ kind: 'done', why: found.why, settled: true });
  return run.slotsMissed + 1 < MAX_SLOTS_MISSED
    ? { kind: 'list', reason: 'slot', notBefore: snapshot.takenAt }
    : end({ kind: 'noSlot', missing });
}

/** Whether a list does not show yet what the router's URL said when it sent the event: lists may be stale. */
function isOlderThan({ state }: Snapshot, trigger: Trigger): boolean {
  const sent = trigger.kind === 'event' ? trigger.router : undefined;
  if (!sent) return false;
  const newestKey = sent.Done.at(-1);
  return !state || (newestKey !== undefined && sent.At >= state.At && !state.Done.includes(newestKey));
}

/** A run that decided stops only after a list in which a decision that overwrote its own would show. */
function endAfterLateList(
  { decided }: RunState,
  { requestedAt }: Snapshot,
  trigger: Trigger,
  stop: Stop,
): Next {
  const notBefore = decided && decided.at + lateListMs(trigger);
  return notBefore !== undefined && requestedAt < notBefore
    ? { kind: 'verify', notBefore, stop }
    : { kind: 'stop', stop };
}
