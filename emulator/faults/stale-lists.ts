import type { Conversation, Webhook } from '../state/records';

/** Webhooks as they were until some moment. */
interface Snapshot {
  until: number;
  webhooks: Webhook[];
}

const MAX_SNAPSHOTS = 200;

/** Lists of webhooks as they were `lagMs` ago. Keeps no snapshots while that is 0. */
export class StaleLists {
  #lagMs = 0;
  #snapshots = new WeakMap<Conversation, Snapshot[]>();

  get lagMs(): number {
    return this.#lagMs;
  }

  set lagMs(lagMs: number) {
    this.#lagMs = lagMs;
    if (lagMs === 0) this.#snapshots = new WeakMap();
  }

  /** To be called before each change. */
  keep(conversation: Conversation, now: number): void {
    if (this.#lagMs === 0) return;
    const webhooks = [...conversation.webhooks.values()].map((webhook) => ({ ...webhook }));
    const recent = (this.#snapshots.get(conversation) ?? []).filter(({ until }) => until > now - this.#lagMs);
    this.#snapshots.set(conversation, [...recent, { until: now, webhooks }].slice(-MAX_SNAPSHOTS));
  }

  list(conversation: Conversation, now: number): Webhook[] {
    const snapshots = this.#lagMs === 0 ? undefined : this.#snapshots.get(conversation);
    const snapshot = snapshots?.find(({ until }) => until > now - this.#lagMs);
    return snapshot?.webhooks ?? [...conversation.webhooks.values()];
  }
}
