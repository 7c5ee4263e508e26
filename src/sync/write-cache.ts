import type { Webhook } from '../webhooks/webhook';

/** What a run has written. Lists may be stale, so the run merges its own writes into what it reads. */
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

  /** Written webhooks that are not in the list: it is stale, or somebody deleted them. */
  unlisted(listed: readonly Webhook[]): Webhook[] {
    const sids = new Set(listed.map(({ sid }) => sid));
    return [...this.written.values()].filter(({ sid }) => !sids.has(sid));
  }

  /** The list with this run's writes, except where the list is newer. */
  addTo(listed: readonly Webhook[]): Webhook[] {
    const current = listed.filter(({ sid }) => !this.removed.has(sid)).map((webhook) => this.newer(webhook));
    return [...current, ...this.unlisted(listed)];
  }

  private newer(listed: Webhook): Webhook {
    const ours = this.written.get(listed.sid);
    return ours && Date.parse(listed.date_updated) < Date.parse(ours.date_updated) ? ours : listed;
  }
}
