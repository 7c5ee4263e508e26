import type { Webhook } from '../webhooks/webhook';

/** What a run has written: lists may lag behind it, so it adds its own writes to what it reads. */
export class WriteCache {
  private readonly written = new Map<string, Webhook>();
  private readonly removed = new Set<string>();

  note(webhook: Webhook): void {
    this.written.set(webhook.sid, webhook);
  }

  noteRemoved(sid: string): void {
    this.written.delete(sid);
    this.removed.add(sid);
  }

  /** What is written and not in the list: the list lags, or somebody has deleted it. */
  unlisted(listed: readonly Webhook[]): Webhook[] {
    const sids = new Set(listed.map(({ sid }) => sid));
    return [...this.written.values()].filter(({ sid }) => !sids.has(sid));
  }

  /** The list as it would be without the lag: only what is older than our write gives way to it. */
  addTo(listed: readonly Webhook[]): Webhook[] {
    const current = listed.filter(({ sid }) => !this.removed.has(sid)).map((webhook) => this.newer(webhook));
    return [...current, ...this.unlisted(listed)];
  }

  private newer(listed: Webhook): Webhook {
    const ours = this.written.get(listed.sid);
    return ours && Date.parse(listed.date_updated) < Date.parse(ours.date_updated) ? ours : listed;
  }
}
