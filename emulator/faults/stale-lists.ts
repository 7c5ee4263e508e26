import type { Conversation, Webhook } from '../state/store';

/** Webhooks as they were up to a moment. */
interface Past {
  until: number;
  webhooks: Webhook[];
}

const MOST_PASTS = 200;

/** Lists that come too late: what a client would have read `span` milliseconds ago. Remembers nothing while that is 0. */
export class Lag {
  #span = 0;
  #pasts = new WeakMap<Conversation, Past[]>();

  get span(): number {
    return this.#span;
  }

  set span(span: number) {
    this.#span = span;
    if (span === 0) this.#pasts = new WeakMap();
  }

  /** To be told before each change. */
  remember(conversation: Conversation, now: number): void {
    if (this.#span === 0) return;
    const webhooks = [...conversation.webhooks.values()].map((webhook) => ({ ...webhook }));
    const pasts = (this.#pasts.get(conversation) ?? []).filter(({ until }) => until > now - this.#span);
    this.#pasts.set(conversation, [...pasts, { until: now, webhooks }].slice(-MOST_PASTS));
  }

  list(conversation: Conversation, now: number): Webhook[] {
    const past =
      this.#span === 0
        ? undefined
        : this.#pasts.get(conversation)?.find(({ until }) => until > now - this.#span);
    return past?.webhooks ?? [...conversation.webhooks.values()];
  }
}
