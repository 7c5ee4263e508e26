import { ApiError } from '../lib/api-error';
import { quote } from '../lib/error-text';
import type { Conversation } from '../webhooks/conversation';
import { type RouterState, sameState } from '../webhooks/router';
import { type Commit, commitSteps, type Decision, nextState, noSlotError } from './commit';
import { isDone, ManagedConversation, type Snapshot } from './managed-conversation';
import { type DesiredState, duplicates, groupByName, missingWebhooks, plan, type Step } from './plan';
import { type Change, type SyncResult, toChange, toResult } from './result';

export interface SyncRequest {
  readonly desired: DesiredState;
  /**
   * Decides by the router's state; undefined to decide nothing. Called again only if the list was too old to write on.
   * Without it the run only repairs the current profile.
   */
  readonly decide?: (router: RouterState | undefined) => Decision | undefined;
  /** Plan, but change nothing. */
  readonly dryRun?: boolean;
  /** A monotonic clock, in milliseconds. */
  readonly clock?: (() => number) | undefined;
}

const MAX_ROUNDS = 8;
/** The age up to which a list is recent enough to write on. */
const MAX_LIST_AGE_MS = 1_000;
/** How often Twilio may refuse a slot that the list shows as free. */
const MAX_SLOT_REFUSALS = 4;
/** How long after a decision its own run may still be active: the lifetime of a Function. */
export const RUN_LEASE_S = 10;
/** How long after a decision its pending replay is still carried out. */
export const REPLAY_PROMISE_S = 120;

/**
 * Moves a conversation to the decided profile, or repairs its current one: decide, commit, create, delete, refresh. The
 * router's URL is the only state, and the API has no compare-and-set. So every write is based on a list under a second old,
 * and after its last step a run checks whether another run has decided since.
 * @throws ApiError Twilio's; 50361 if all slots are taken; each with the changes made so far in `details.plan`
 */
export async function sync(conversation: Conversation, request: SyncRequest): Promise<SyncResult> {
  const run = new SyncSession(conversation, request);
  try {
    return await run.run();
  } catch (error) {
    throw error instanceof ApiError && run.changes.length > 0
      ? error.withDetails({ plan: run.changes })
      : error;
  }
}

interface Uncertain {
  readonly step: Step | Commit;
  readonly over: RouterState | undefined;
  readonly error: ApiError;
}

class SyncSession {
  readonly changes: Change[] = [];
  private readonly refused: Change[] = [];
  private readonly conversation: ManagedConversation;
  private readonly desired: DesiredState;
  private readonly clock: () => number;
  private rounds = 0;
  private previous: string | undefined;
  private decision: (Decision & { readonly at: number }) | undefined;
  /** The state that this run wrote. */
  private committed: RouterState | undefined;
  /** A step that may have been applied, the state before it, and its error. */
  private uncertain: Uncertain | undefined;
  /** This run does not decide: it repairs the router's profile. */
  private following: boolean;
  private full = false;
  /** How often Twilio reported that all slots are taken. */
  private refusals = 0;
  /** Stop after the current steps. */
  private last = false;

  constructor(
    conversation: Conversation,
    private readonly request: SyncRequest,
  ) {
    this.desired = request.desired;
    this.clock = request.clock ?? (() => performance.now());
    this.conversation = new ManagedConversation(conversation, this.desired, this.clock);
    this.following = request.decide === undefined;
  }

  async run(): Promise<SyncResult> {
    for (;;) {
      const view = await this.conversation.refresh().catch((error) => {
        // This error says that something may have been applied.
        throw this.uncertain?.error ?? error;
      });
      if (this.rounds === 0) this.previous = view.state?.Profile;
      const steps = this.resolve(view) ?? (this.last ? [] : this.next(view));
      if (this.request.dryRun || steps.length === 0) return this.result(view, steps);
      if (++this.rounds > MAX_ROUNDS)
        throw new ApiError(20503, `The conversation kept changing for ${MAX_ROUNDS} rounds; sync it again`);
      await this.apply(steps, view);
    }
  }

  /** Finds out whether the uncertain step was applied. Returns the steps of a commit that was not. */
  private resolve(view: Snapshot): (Step | Commit)[] | undefined {
    if (!this.uncertain) return undefined;
    const { step, over } = this.uncertain;
    this.uncertain = undefined;
    if (step.step === 'commit') {
      // An unchanged state was not written. Else it was, or another run has decided since.
      if (sameState(view.state, over)) return this.commit(view);
      this.committed = step.state;
    }
    if (isDone(step, view, this.desired)) this.changes.push(toChange(step));
    return undefined;
  }

  /** The steps that this snapshot needs. */
  private next(view: Snapshot): (Step | Commit)[] {
    if (!this.committed && !this.following) {
      const decided = this.request.decide?.(view.state);
      if (decided) {
        this.decision = { ...decided, at: view.date };
        return this.commit(view);
      }
      if (view.state && view.date - view.state.At < RUN_LEASE_S) return this.onlyDuplicates(view);
      this.following = true;
    }
    if (!view.state) return [];
    if (this.committed && view.state.Since < this.committed.Since) return this.commit(view);
    return this.plan(view, view.state);
  }

  // The run that decided may still be active: within its lease, only duplicates are deleted.
  private onlyDuplicates(view: Snapshot): Step[] {
    this.last = true;
    return duplicates(groupByName(view.webhooks, this.desired));
  }

  private commit(view: Snapshot): (Step | Commit)[] {
    const decision = this.committed
      ? { profile: this.committed.Profile, since: this.committed.Since, replay: this.committed.Replay }
      : this.decision!;
    const state = nextState(view, decision, this.decision!.at, this.desired);
    return commitSteps(view, state, this.desired, this.full);
  }

  private plan(view: Snapshot, { Profile, Replay }: RouterState): Step[] {
    if (!Object.hasOwn(this.desired.profiles, Profile))
      throw new ApiError(
        20001,
        `The conversation is in profile ${quote(Profile)}, which is not in the policy; sync it with Profile`,
      );
    const age = view.date - Date.parse(view.router!.date_updated) / 1000;
    const replay = this.following && age >= REPLAY_PROMISE_S ? undefined : Replay;
    const wanted = { profile: Profile, replay };
    const steps = plan(view.webhooks, this.desired, { ...wanted, full: this.full });
    const missing = missingWebhooks(view.webhooks, this.desired, Profile);
    if (steps.length > 0 || missing.length === 0) return steps;
    // Another run may have taken the slot for a moment; an unlisted webhook may have it for good.
    const again = this.refusals < MAX_SLOT_REFUSALS ? plan(view.webhooks, this.desired, wanted) : [];
    if (again.length === 0) throw noSlotError(view.webhooks, missing);
    return again;
  }

  private async apply(steps: readonly (Step | Commit)[], view: Snapshot): Promise<void> {
    for (const step of steps) {
      if (this.clock() - view.takenAt >= MAX_LIST_AGE_MS) return;
      if (this.refused.length > 0 && step.step !== 'delete') {
        this.refused.push(toChange(step));
        continue;
      }
      try {
        await this.conversation.apply(step);
        if (step.step === 'commit') this.committed = step.state;
        this.changes.push(toChange(step));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === 50377) {
          // A closed conversation stays closed; only deletes still work.
          this.refused.push(toChange(step));
          this.last = true;
          continue;
        }
        // Refresh, do not retry: no slot after all, deleted meanwhile, or maybe applied.
        if (error.code === 50361) {
          this.full = true;
          this.refusals += 1;
        } else if (error.mayHaveSucceeded) this.uncertain = { step, over: view.state, error };
        else if (error.status !== 404) throw error;
        return;
      }
    }
  }

  private result(view: Snapshot, steps: readonly (Step | Commit)[]): SyncResult {
    const { dryRun } = this.request;
    const profile = (dryRun && this.decision?.profile) || view.state?.Profile || null;
    const came = this.changes.length > 0 ? 'changed' : profile === null ? 'unmanaged' : 'unchanged';
    return toResult(
      {
        profile,
        previous_profile: this.previous ?? null,
        result: dryRun ? 'planned' : came,
        plan: dryRun ? steps.map(toChange) : this.changes,
        refused: this.refused,
        rounds: this.rounds,
      },
      view.webhooks,
      this.desired,
    );
  }
}
