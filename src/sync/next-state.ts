import type { OwnWebhooks, RouterState } from '../webhooks/router';
import type { Decision } from './decide';
import type { DesiredState } from './desired-state';
import { hashesOfProfile, hashOf, hashOfDefinition, ROUTER } from './managed-webhooks';
import type { Snapshot } from './snapshot';

/** Decisions that a router's URL remembers. */
const MAX_DONE = 6;
/** How long after a decision the replay that it promised is still carried out. */
const REPLAY_PROMISE_S = 120;
/** How many messages after `Replay` a missing webhook is still created with it, however long ago that was. */
const REPLAY_PROMISE_MESSAGES = 10;
/** How long after the last write of the router `Own` keeps webhooks that are not attached. */
const FORGET_DETACHED_S = 3_600;

/** Whether a webhook of the current profile, under the policy that wrote the router, is not attached yet. */
export function isUnfinished({ webhooks, own }: Snapshot): boolean {
  const attached = new Set(webhooks.map(hashOf));
  return own.want.some((hash) => !attached.has(hash));
}

/** Whether the router's `Replay` still counts for webhooks that are missing. */
export function isReplayOwed({ state, date }: Snapshot, newest: number | undefined): boolean {
  if (!state) return false;
  // A time that lies far ahead promises nothing: somebody else wrote it, or a clock was wrong.
  if (Math.abs(date - state.At) < REPLAY_PROMISE_S) return true;
  return newest !== undefined && newest < state.Replay + REPLAY_PROMISE_MESSAGES;
}

/** The state that a decision leads to. While the current profile is unfinished, its pending replay is kept. */
export function decidedState(
  snapshot: Snapshot,
  { key, profile, replay }: Decision & { readonly replay: number },
  desired: DesiredState,
  newest: number | undefined,
): RouterState {
  const { state, date } = snapshot;
  const pending = state && isUnfinished(snapshot) && isReplayOwed(snapshot, newest) ? state.Replay : replay;
  return {
    Profile: profile,
    Replay: Math.min(replay, pending),
    At: date,
    Done: [...(state?.Done ?? []).filter((done) => done !== key), key].slice(-MAX_DONE),
    Own: ownWebhooks(snapshot, desired, profile),
    Policy: desired.policyHash,
    ServiceSid: state?.ServiceSid,
  };
}

/**
 * The state of a router that today's policy takes over from another, with the decision as it was.
 * @param profile its name today
 * @param added index of the message that this run is about
 */
export function adoptedState(
  snapshot: Snapshot,
  profile: string,
  desired: DesiredState,
  { newest, added }: { readonly newest: number; readonly added: number | undefined },
): RouterState {
  const { Replay, At, Done, ServiceSid } = snapshot.state!;
  const replay = () => {
    if (!isUnfinished(snapshot)) return newest + 1;
    return isReplayOwed(snapshot, newest) ? Replay : (added ?? newest + 1);
  };
  return {
    Profile: profile,
    Replay: replay(),
    At,
    Done,
    Own: ownWebhooks(snapshot, desired, profile),
    Policy: desired.policyHash,
    // If two policies take over from each other, no state comes back: what was found settled would count again.
    Adopted: snapshot.date,
    ServiceSid,
  };
}

// `rest` has what today's policy names, what is attached, and what former policies named, as a run of theirs may still
// create it. What is not attached is forgotten after an hour.
function ownWebhooks(snapshot: Snapshot, desired: DesiredState, profile: string): OwnWebhooks {
  const { groups, own, router, state, date } = snapshot;
  const want = hashesOfProfile(desired, profile);
  const today = Object.values(desired.webhooks).map(hashOfDefinition);
  const attached = [...groups].flatMap(([name, webhooks]) => (name === ROUTER ? [] : webhooks.map(hashOf)));
  const writtenAt = Date.parse(router?.date_updated ?? '') / 1000;
  const forget = state?.Policy === desired.policyHash && date - writtenAt > FORGET_DETACHED_S;
  const former = forget ? [] : [...own.want, ...own.rest];
  const rest = new Set([...former, ...today, ...attached]);
  return { want, rest: [...rest].filter((hash) => !want.includes(hash)) };
}
