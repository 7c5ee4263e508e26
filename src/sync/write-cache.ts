import type { Webhook } from '../webhooks/webhook';

interface Written {
  readonly webhook: Webhook;
  /** On our clock, in milliseconds. */
  readonly at: number;
}

/** What a run has written. Lists may be stale, so the run merges its own writes into what it reads. */
export class WriteCache {
  private readonly written = new Map<string, Written>();
  private readonly removed = new Set<string>();

  /**
   * @param preferOwnMs how long after a write, if its time is noted, it counts more than a list whose `date_updated` is the
   * same second, so that nobody can tell which is newer
   */
  constructor(private readonly preferOwnMs: number) {}

  note(webhook: Webhook, at: number): void {
    this.written.set(webhook.sid, { webhook, at });
  }

  /** Notes what a written webhook is now. When this run wrote it stays as it was. */
  refresh(webhook: Webhook): void {
    const written = this.written.get(webhook.sid);
    if (written) this.written.set(webhook.sid, { ...written, webhook });
  }

  noteRemoved(sid: string): void {
    this.written.delete(sid);
    this.removed.add(sid);
  }

  /** Written webhooks that are not in the list: it is stale, or somebody deleted them. */
  unlisted(listed: readonly Webhook[]): Webhook[] {
    const sids = new Set(listed.map(({ sid }) => sid));
    return [...this.written.values()].flatMap(({ webhook }) => (sids.has(webhook.sid) ? [] : [webhook]));
  }

  /** A list with this run's writes, except where the list is newer. `listedAt`: when it was requested, on our clock. */
  addTo(listed: readonly Webhook[], listedAt: number): Webhook[] {
    const current = listed
      .filter(({ sid }) => !this.removed.has(sid))
      .map((webhook) => this.newer(webhook, listedAt));
    return [...current, ...this.unlisted(listed)];
  }

  private newer(listed: Webhook, listedAt: number): Webhook {
    const ours = this.written.get(listed.sid);
    if (!ours) return listed;
    const age = seconds(listed) - seconds(ours.webhook);
    // Without dates, nobody can tell either.
    const isTie = age === 0 || Number.isNaN(age);
    return age < 0 || (isTie && listedAt - ours.at < this.preferOwnMs) ? ours.webhook : listed;
  }
}

function seconds({ date_updated }: Webhook): number {
  return Date.parse(date_updated) / 1000;
}
