import { ApiError } from '../lib/api-error';
import { quote } from '../lib/messages';
import type { Conversation } from '../webhooks/conversation';
import { type RouterState, sameState } from '../webhooks/router';
import { type Commit, commitSteps, type Decision, nextState, noRoom } from './commit';
import { isDone, ManagedConversation, type View } from './managed-conversation';
import { type Arrangement, duplicates, lacking, managed, plan, type Step } from './plan';
import { type Change, change, type Synced, synced } from './result';

export interface SyncRequest {
  readonly arrangement: Arrangement;
  /**
   * Judges the conversation by its router; undefined: nothing is decided. Asked again only where the list that it saw was
   * too old to write on. Left out: this run only does what the router says.
   */
  readonly decide?: (router: RouterState | undefined) => Decision | undefined;
  /** Change nothing, only say what would be changed. */
  readonly dryRun?: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly clock?: (() => number) | undefined;
}

const MAX_ROUNDS = 8;
/** Milliseconds for which a list is good enough to write on. */
const FRESH = 1_000;
/** Times that a slot which the list shows as free may be refused. */
const PATIENCE = 4;
/** Seconds after a decision in which its own run may still be at work: a Function lives no longer. */
export const LEASE = 10;
/** Seconds after a decision in which what it promised to replay is still replayed. */
export const PROMISE = 120;

/**
 * Brings a conversation to the profile that is decided, or that its router says: decide, commit, make, break, look again.
 * The router's URL is the only state, and the API has no compare-and-set, so every write rests on a list that is under a
 * second old, and after its last step a run looks whether somebody else has decided since.
 * @throws ApiError Twilio's; 50361 where the slots are short; each with the changes made so far in `details.plan`
 */
export async function sync(conversation: Conversation, request: SyncRequest): Promise<Synced> {
  const run = new Run(conversation, request);
  try {
    return await run.toTheEnd();
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

class Run {
  readonly changes: Change[] = [];
  private readonly refused: Change[] = [];
  private readonly conversation: ManagedConversation;
  private readonly arrangement: Arrangement;
  private readonly clock: () => number;
  private rounds = 0;
  private previous: string | undefined;
  private decision: (Decision & { readonly at: number }) | undefined;
  /** The router as this run wrote it, once it did. */
  private committed: RouterState | undefined;
  /** A step without an answer, the state before it, and the error in the answer's place. */
  private uncertain: Uncertain | undefined;
  /** Nothing is decided here: what the router says is done. */
  private following: boolean;
  private full = false;
  /** How often Twilio said that there is no slot left. */
  private refusals = 0;
  /** Nothing more than the steps at hand. */
  private last = false;

  constructor(
    conversation: Conversation,
    private readonly request: SyncRequest,
  ) {
    this.arrangement = request.arrangement;
    this.clock = request.clock ?? (() => performance.now());
    this.conversation = new ManagedConversation(conversation, this.arrangement, this.clock);
    this.following = request.decide === undefined;
  }

  async toTheEnd(): Promise<Synced> {
    for (;;) {
      const view = await this.conversation.look().catch((error) => {
        // Only this one says that something may have been done.
        throw this.uncertain?.error ?? error;
      });
      if (this.rounds === 0) this.previous = view.state?.Profile;
      const steps = this.resolve(view) ?? (this.last ? [] : this.next(view));
      if (this.request.dryRun || steps.length === 0) return this.outcome(view, steps);
      if (++this.rounds > MAX_ROUNDS)
        throw new ApiError(20503, `The conversation kept changing for ${MAX_ROUNDS} rounds; sync it again`);
      await this.carryOut(steps, view);
    }
  }

  /** What became of the step that was not answered; of a commit that was not made, the steps that make it. */
  private resolve(view: View): (Step | Commit)[] | undefined {
    if (!this.uncertain) return undefined;
    const { step, over } = this.uncertain;
    this.uncertain = undefined;
    if (step.step === 'commit') {
      // Still as it was before: it was not written. Else it was, or somebody has decided since.
      if (sameState(view.state, over)) return this.commit(view);
      this.committed = step.state;
    }
    if (isDone(step, view, this.arrangement)) this.changes.push(change(step));
    return undefined;
  }

  /** What is to be done after this look; nothing where all is as it should be. */
  private next(view: View): (Step | Commit)[] {
    if (!this.committed && !this.following) {
      const decided = this.request.decide?.(view.state);
      if (decided) {
        this.decision = { ...decided, at: view.date };
        return this.commit(view);
      }
      if (view.state && view.date - view.state.At < LEASE) return this.onlyDuplicates(view);
      this.following = true;
    }
    if (!view.state) return [];
    if (this.committed && view.state.Since < this.committed.Since) return this.commit(view);
    return this.plan(view, view.state);
  }

  // Whoever decided a moment ago may be at work: within its lease, only what is double is put right.
  private onlyDuplicates(view: View): Step[] {
    this.last = true;
    return duplicates(managed(view.webhooks, this.arrangement));
  }

  private commit(view: View): (Step | Commit)[] {
    const decision = this.committed
      ? { profile: this.committed.Profile, since: this.committed.Since, replay: this.committed.Replay }
      : this.decision!;
    const state = nextState(view, decision, this.decision!.at, this.arrangement);
    return commitSteps(view, state, this.arrangement, this.full);
  }

  private plan(view: View, { Profile, Replay }: RouterState): Step[] {
    if (!Object.hasOwn(this.arrangement.profiles, Profile))
      throw new ApiError(
        20001,
        `The conversation is in profile ${quote(Profile)}, which the policy does not have; sync it with Profile`,
      );
    const age = view.date - Date.parse(view.router!.date_updated) / 1000;
    const replay = this.following && age >= PROMISE ? undefined : Replay;
    const wanted = { profile: Profile, replay };
    const steps = plan(view.webhooks, this.arrangement, { ...wanted, full: this.full });
    const missing = lacking(view.webhooks, this.arrangement, Profile);
    if (steps.length > 0 || missing.length === 0) return steps;
    // Another run may have had the slot for a moment; but what no list shows may have it for good.
    const again = this.refusals < PATIENCE ? plan(view.webhooks, this.arrangement, wanted) : [];
    if (again.length === 0) throw noRoom(view.webhooks, missing);
    return again;
  }

  private async carryOut(steps: readonly (Step | Commit)[], view: View): Promise<void> {
    for (const step of steps) {
      if (this.clock() - view.taken >= FRESH) return;
      if (this.refused.length > 0 && step.step !== 'delete') {
        this.refused.push(change(step));
        continue;
      }
      try {
        await this.conversation.carryOut(step);
        if (step.step === 'commit') this.committed = step.state;
        this.changes.push(change(step));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === 50377) {
          // Closed is final: what can still be done is to delete.
          this.refused.push(change(step));
          this.last = true;
          continue;
        }
        // Each of these is looked into, not repeated: no slot after all, gone meanwhile, or perhaps done.
        if (error.code === 50361) {
          this.full = true;
          this.refusals += 1;
        } else if (error.mayHaveSucceeded) this.uncertain = { step, over: view.state, error };
        else if (error.status !== 404) throw error;
        return;
      }
    }
  }

  private outcome(view: View, steps: readonly (Step | Commit)[]): Synced {
    const { dryRun } = this.request;
    const profile = (dryRun && this.decision?.profile) || view.state?.Profile || null;
    const came = this.changes.length > 0 ? 'changed' : profile === null ? 'unmanaged' : 'unchanged';
    return synced(
      {
        profile,
        previous_profile: this.previous ?? null,
        result: dryRun ? 'planned' : came,
        plan: dryRun ? steps.map(change) : this.changes,
        refused: this.refused,
        rounds: this.rounds,
      },
      view.webhooks,
      this.arrangement,
    );
  }
}
