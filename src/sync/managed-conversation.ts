import { ApiError } from '../lib/api-error';
import type { Conversation } from '../webhooks/conversation';
import { parseRouter, type RouterState, routerDefinition, routerUrl, sameState } from '../webhooks/router';
import { matchesConfig, type Webhook } from '../webhooks/webhook';
import type { Commit } from './commit';
import { type DesiredState, groupByName, ROUTER, type Step } from './plan';
import { WriteCache } from './write-cache';

/** The webhooks of a conversation at one moment. */
export interface Snapshot {
  readonly webhooks: readonly Webhook[];
  /** Unix seconds on Twilio's clock. */
  readonly date: number;
  /** When the list was received, on our clock. */
  readonly takenAt: number;
  /** The oldest router, and its state. */
  readonly router: Webhook | undefined;
  readonly state: RouterState | undefined;
}

/** A conversation as one run sees and changes it. Reads include the run's own writes, even if lists are stale. */
export class ManagedConversation {
  private readonly writes = new WriteCache();

  constructor(
    private readonly conversation: Conversation,
    private readonly desired: DesiredState,
    private readonly clock: () => number,
  ) {}

  async refresh(): Promise<Snapshot> {
    const { webhooks, date } = await this.conversation.list();
    const taken = this.clock();
    for (const { sid } of this.writes.unlisted(webhooks)) await this.refreshUnlisted(sid);
    const merged = this.writes.addTo(webhooks);
    const router = groupByName(merged, this.desired).get(ROUTER)?.[0];
    return { webhooks: merged, date, takenAt: taken, router, state: router && parseRouter(router) };
  }

  // A webhook that this run wrote is missing in the list: the list is stale, or somebody deleted it.
  private async refreshUnlisted(sid: string): Promise<void> {
    try {
      this.writes.note(await this.conversation.fetch(sid));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.writes.noteRemoved(sid);
    }
  }

  async apply(step: Step | Commit): Promise<void> {
    switch (step.step) {
      case 'commit':
        this.writes.note(await this.writeRouter(step));
        break;
      case 'create':
        this.writes.note(await this.conversation.create(step.definition, step.replayAfter));
        break;
      case 'update':
        this.writes.note(await this.conversation.update(step.sid, step.settings));
        break;
      case 'delete':
        await this.conversation.remove(step.sid);
        this.writes.noteRemoved(step.sid);
        break;
    }
  }

  // A new router replays all messages, so that rules match those before it too.
  private writeRouter({ sid, state }: Commit): Promise<Webhook> {
    const { router } = this.desired;
    if (sid === undefined) return this.conversation.create(routerDefinition(state, router), 0);
    return this.conversation.update(sid, { url: routerUrl(state, router) });
  }
}

/** Whether a step was applied. */
export function isDone(step: Step | Commit, { webhooks, state }: Snapshot, desired: DesiredState): boolean {
  const webhook = 'sid' in step && webhooks.find(({ sid }) => sid === step.sid);
  switch (step.step) {
    case 'commit':
      return sameState(state, step.state);
    case 'create':
      return groupByName(webhooks, desired).has(step.webhook);
    case 'update':
      return !!webhook && matchesConfig(webhook, step.settings);
    case 'delete':
      return !webhook;
  }
}
