import { ApiError } from '../lib/api-error';
import type { Conversation } from '../webhooks/conversation';
import type { Executions } from '../webhooks/executions';
import type { Change } from './change';
import type { DesiredState } from './desired-state';
import { endExecutions, flowsLeft, toEndChange } from './end-executions';
import { decideNext, type Stop } from './next';
import type { Step } from './plan';
import { type Ending, type SyncResult, toError, toResult } from './result';
import { NEW_RUN, needsNewList, type RunState, reduce, withUncertainStep } from './run-state';
import { SyncSession } from './session';
import type { Snapshot } from './snapshot';
import type { Timing } from './timing';
import { lateListMs, type Trigger } from './trigger';

export interface SyncRequest {
  readonly desired: DesiredState;
  readonly trigger: Trigger;
  readonly timing: Timing;
  /** Where to end executions of flows that a decision leaves behind; none are ended if left out. */
  readonly executions?: Executions | undefined;
  /** Plan, but change nothing. */
  readonly dryRun?: boolean;
  /**
   * Called with the last list if nothing was left to do, and the SIDs of webhooks that Twilio shows otherwise than they were
   * written: every run would update them again.
   */
  readonly onSettled?: ((snapshot: Snapshot, differing: ReadonlySet<string>) => void) | undefined;
}

/** A list takes longer. */
const MIN_LIST_MS = 250;

const DECIDED: Stop = { kind: 'done', why: 'decided' };
const DRY_RUN: Stop = { kind: 'done', why: 'dry run' };

/**
 * Moves a conversation to the decided profile, or repairs its current one: list, decide, write the router, create, delete,
 * list again. The router's URL is the only state, and the API has no compare-and-set: so every write rests on a recent list,
 * and a run that decided lists once more to see whether another run has overwritten its decision.
 * @throws ApiError Twilio's; 50361 if all slots are taken; each with the changes made so far in `details.plan`
 */
export async function sync(conversation: Conversation, request: SyncRequest): Promise<SyncResult> {
  const { desired, trigger, timing, executions, dryRun = false } = request;
  const session = new SyncSession(conversation, { desired, timing, preferOwnMs: lateListMs(trigger) });
  let run = NEW_RUN;
  let first: Snapshot | undefined;
  let last: Snapshot | undefined;
  let listed: readonly Change[] = [];
  /** Why the run will stop if its decision is verified. */
  let pending: Stop | undefined;

  const fetchNewest = async () => {
    run = { ...run, newest: await session.newestIndex() };
  };
  const list = async (): Promise<Snapshot> => {
    last = await session.refresh();
    first ??= last;
    run = withUncertainStep(run, last);
    listed = run.changes;
    pending = undefined;
    return last;
  };
  const verify = async (stop: Stop, notBefore: number): Promise<Snapshot> => {
    pending = stop;
    if (notBefore >= timing.deadline - MIN_LIST_MS)
      throw new ApiError(20503, 'No time was left to verify the decision');
    await sleepUntil(notBefore, timing);
    return list();
  };
  const end = async (stop: Stop, last: Snapshot, more: Partial<Ending> = {}): Promise<SyncResult> => {
    const isResult = stop.kind === 'done' || (stop.kind === 'unknownProfile' && trigger.kind === 'event');
    if (!isResult) throw toError(stop, run, last);
    const lists = { first: first ?? last, last };
    const left = executions ? flowsLeft(run, { ...lists, planned: more.planned }, desired) : [];
    if (executions && !dryRun && left.length > 0)
      run = await endExecutions(run, left, lists.first, executions, timing);
    const toEnd = left.map((flow) => toEndChange(flow));
    return toResult({ run, ...lists, stop, toEnd, ...more }, desired);
  };

  try {
    if (trigger.needsNewest) await fetchNewest();
    let snapshot = await list();
    for (;;) {
      const next = decideNext(run, snapshot, request);
      switch (next.kind) {
        case 'fetchNewest':
          await fetchNewest();
          if (next.afterwards === 'list' && !dryRun) snapshot = await list();
          break;
        case 'steps': {
          if (dryRun) return await end(DRY_RUN, snapshot, { planned: next.steps });
          const applied = await applySteps(session, run, next.steps, snapshot, timing);
          run = applied.run;
          if (run.failure) throw run.failure.error;
          snapshot =
            applied.allTried && run.decided
              ? await verify(DECIDED, run.decided.at + lateListMs(trigger))
              : await list();
          break;
        }
        case 'list':
          run = afterUselessList(run, next.reason);
          await sleepUntil(next.notBefore, timing);
          snapshot = await list();
          break;
        case 'verify':
          snapshot = await verify(next.stop, next.notBefore);
          break;
        case 'stop':
          if (next.stop.kind === 'done' && next.stop.settled) request.onSettled?.(snapshot, differing(run));
          return await end(next.stop, snapshot);
      }
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Read once: the closures above write it.
    const reason = pending;
    if (last && reason?.kind === 'done')
      return end(reason, last, { unverified: { changes: run.changes.slice(listed.length) } });
    const stopped = last && reason && reason.kind !== 'done' ? toError(reason, run, last) : error;
    const told = run.uncertain?.error ?? stopped;
    throw run.changes.length > 0 ? told.withDetails({ plan: run.changes }) : told;
  }
}

/** Applies steps one after the other, as long as the list that they rest on holds. */
async function applySteps(
  session: SyncSession,
  before: RunState,
  steps: readonly Step[],
  snapshot: Snapshot,
  timing: Timing,
): Promise<{ run: RunState; allTried: boolean }> {
  let run: RunState = { ...before, full: false };
  let counted = false;
  for (const step of steps) {
    if (run.closed && step.step !== 'delete') continue;
    const outcome = await session.apply(step, snapshot);
    const isSent = outcome.kind !== 'tooOld' && outcome.kind !== 'outOfTime';
    if (isSent && !counted) run = { ...run, rounds: run.rounds + 1 };
    counted ||= isSent;
    run = reduce(run, step, outcome, timing.now());
    if (needsNewList(step, outcome)) return { run, allTried: false };
  }
  return { run, allTried: true };
}

function afterUselessList(run: RunState, reason: 'slot' | 'stale'): RunState {
  if (reason === 'stale') return { ...run, relisted: true };
  return { ...run, full: false, slotsMissed: run.slotsMissed + 1 };
}

function differing({ updated }: RunState): ReadonlySet<string> {
  return new Set([...updated].flatMap(([sid, { differs }]) => (differs ? [sid] : [])));
}

async function sleepUntil(time: number, { now, sleep }: Timing): Promise<void> {
  const ms = time - now();
  if (ms > 0) await sleep(ms);
}
