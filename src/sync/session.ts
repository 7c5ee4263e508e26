import { ApiError } from '../lib/api-error';
import type { Conversation } from '../webhooks/conversation';
import type { Definition } from '../webhooks/definition';
import { routerDefinition } from '../webhooks/router';
import { matchesConfig, type Webhook } from '../webhooks/webhook';
import type { DesiredState } from './desired-state';
import { hashOf } from './managed-webhooks';
import type { Step } from './plan';
import type { Applied, StepOutcome } from './run-state';
import { type Snapshot, takeSnapshot } from './snapshot';
import type { Timing } from './timing';
import { WriteCache } from './write-cache';

/** How old a list may be to write the router on: its URL is the state, and the API has no compare-and-set. */
const MAX_LIST_AGE_ROUTER_MS = 250;
/** The same for every other webhook. */
const MAX_LIST_AGE_MS = 1_000;
/** What is left for the list after a decision: no step starts later. */
const TIME_FOR_LATE_LIST_MS = 1_500;

export interface SessionOptions {
  readonly desired: DesiredState;
  readonly timing: Timing;
  /** How long the run's own write of the router counts more than a list of the same second. */
  readonly preferOwnMs: number;
}

/** A conversation as one run sees and changes it. */
export class SyncSession {
  private readonly writes: WriteCache;

  constructor(
    private readonly conversation: Conversation,
    private readonly options: SessionOptions,
  ) {
    this.writes = new WriteCache(options.preferOwnMs);
  }

  /** Lists the webhooks and adds the run's own writes, in case the list is stale. @throws ApiError */
  async refresh(): Promise<Snapshot> {
    const { timing, desired } = this.options;
    const requestedAt = timing.now();
    const { webhooks, date } = await this.conversation.list();
    const takenAt = timing.now();
    for (const { sid } of this.writes.unlisted(webhooks)) await this.refreshUnlisted(sid);
    return takeSnapshot(
      { webhooks: this.writes.addTo(webhooks, requestedAt), date, requestedAt, takenAt },
      desired,
    );
  }

  /** Index of the newest message, -1 in an empty conversation. @throws ApiError */
  async newestIndex(): Promise<number> {
    return (await this.conversation.newestIndex()) ?? -1;
  }

  /** Sends a step while the list that it rests on is recent enough. */
  async apply(step: Step, snapshot: Snapshot): Promise<StepOutcome> {
    const { timing } = this.options;
    const sendBefore = snapshot.takenAt + (step.step === 'write' ? MAX_LIST_AGE_ROUTER_MS : MAX_LIST_AGE_MS);
    if (timing.now() >= timing.deadline - TIME_FOR_LATE_LIST_MS) return { kind: 'outOfTime' };
    if (timing.now() >= sendBefore) return { kind: 'tooOld' };
    try {
      return { kind: 'applied', ...(await this.send(step, snapshot, sendBefore)) };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  // A webhook that this run wrote is missing in the list: the list is stale, or somebody deleted it.
  private async refreshUnlisted(sid: string): Promise<void> {
    try {
      this.writes.refresh(await this.conversation.fetch(sid));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.writes.noteRemoved(sid);
    }
  }

  private async send(step: Step, snapshot: Snapshot, sendBefore: number): Promise<Applied> {
    switch (step.step) {
      case 'write': {
        const { router } = this.options.desired;
        const definition = routerDefinition(step.state, router, snapshot.webhooks.map(hashOf));
        const decides = step.decides !== undefined;
        if (step.sid === undefined) return this.create(definition, step.replayAfter, sendBefore, decides);
        const { url, method, filters } = definition;
        this.note(await this.conversation.update(step.sid, { url, method, filters }, sendBefore), decides);
        return {};
      }
      case 'create':
        return this.create(step.definition, step.replayAfter, sendBefore);
      case 'update': {
        const webhook = await this.conversation.update(step.sid, step.settings, sendBefore);
        this.note(webhook);
        return { differs: !matchesConfig(webhook, step.settings) };
      }
      case 'delete':
        await this.conversation.remove(step.sid, sendBefore);
        this.writes.noteRemoved(step.sid);
        return {};
    }
  }

  // Twilio does not document whether it takes the index of a message that does not exist yet.
  private async create(
    definition: Definition,
    replayAfter: number | undefined,
    sendBefore: number,
    decides = false,
  ): Promise<Applied> {
    try {
      const webhook = await this.conversation.create(definition, replayAfter, sendBefore);
      this.note(webhook, decides);
      return { created: webhook.sid };
    } catch (error) {
      if (outcomeOf(error).kind !== 'refused' || replayAfter === undefined) throw error;
      const newest = await this.newestIndex().catch(() => {
        throw error;
      });
      // The message may have arrived meanwhile.
      const exists = replayAfter <= newest;
      const after = exists ? replayAfter : undefined;
      const webhook = await this.conversation.create(definition, after, sendBefore);
      this.note(webhook, decides);
      return { created: webhook.sid, ...(!exists && { refusedReplay: replayAfter }) };
    }
  }

  // Of what else a run writes in the same second as another one, a list is believed: or the two would undo each other's work.
  private note(webhook: Webhook, decides = false): void {
    this.writes.note(webhook, decides ? this.options.timing.now() : Number.NEGATIVE_INFINITY);
  }
}

function outcomeOf(error: unknown): StepOutcome {
  // With wrong credentials nothing works.
  if (!(error instanceof ApiError) || error.status === 401) return { kind: 'failed', error };
  if (error.code === 50361) return { kind: 'noSlot' };
  if (error.code === 50377) return { kind: 'closed', error };
  if (error.isThrottled) return { kind: 'throttled', error };
  if (error.mayHaveSucceeded) return { kind: 'unknown', error };
  if (error.isConflict) return { kind: 'conflict' };
  return error.status === 404 ? { kind: 'gone' } : { kind: 'refused', error };
}
