import type { Webhook } from './webhook';

/** What a run has written: lists may lag behind it, so it adds its own writes to what it reads. */
export class OwnWrites {
  private readonly written = new Map<string, Webhook>();
  private readonly removed = new Set<string>();

  note(webhook: Webhook): void {
    this.written.set(webhook.sid, webhook);
  }

  noteRemoved(sid: string): void {
    this.written.delete(sid);
    this.removed.add(sid);
  }

  /** The list as it would be without the lag: only what is older than our write gives way to it. */
  addTo(listed: readonly Webhook[]): Webhook[] {
    const sids = new Set(listed.map(({ sid }) => sid));
    const unlisted = [...this.written.values()].filter(({ sid }) => !sids.has(sid));
    const current = listed.filter(({ sid }) => !this.removed.has(sid)).map((webhook) => this.newer(webhook));
    return [...current, ...unlisted];
  }

  private newer(listed: Webhook): Webhook {
    const ours = this.written.get(listed.sid);
    return ours && Date.parse(listed.date_updated) < Date.parse(ours.date_updated) ? ours : listed;
  }
}
