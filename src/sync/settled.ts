import type { StoredState } from '../webhooks/router';
import type { DesiredState } from './desired-state';
import type { Snapshot } from './snapshot';

/** How long a run may be at work: the lifetime of a Function. */
export const RUN_LIFETIME_S = 10;
const MAX_ENTRIES = 1_000;
const FORGET_AFTER_MS = 10 * 60 * 1000;

/** Conversations in which a process found nothing to do. It only saves API calls: events of theirs need no list. */
export class SettledConversations {
  /** When each was found settled, oldest first. */
  private readonly found = new Map<string, number>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Remembers a conversation in which nothing was left to do.
   * @param ignored SIDs of webhooks whose last change does not count
   */
  remember(
    { groups, router, state, date }: Snapshot,
    desired: DesiredState,
    ignored: ReadonlySet<string> = new Set(),
  ): void {
    const isRecent = [...groups.values()]
      .flat()
      .some(({ sid, date_updated }) => !ignored.has(sid) && !isSettled(date_updated, date));
    if (!router || !state || isRecent) return;
    const key = keyOf(router.conversation_sid, state, desired);
    this.found.delete(key);
    this.found.set(key, this.now());
    const [oldest] = this.found.keys();
    if (this.found.size > MAX_ENTRIES && oldest !== undefined) this.found.delete(oldest);
  }

  has(conversationSid: string, state: StoredState, desired: DesiredState): boolean {
    const at = this.found.get(keyOf(conversationSid, state, desired));
    return at !== undefined && this.now() - at < FORGET_AFTER_MS;
  }
}

// A run that made the change may still be at work. Not if the date is unknown.
function isSettled(dateUpdated: string, now: number): boolean {
  return now - Date.parse(dateUpdated) / 1000 >= RUN_LIFETIME_S;
}

function keyOf(conversationSid: string, state: StoredState, { policyHash, router }: DesiredState): string {
  return JSON.stringify([conversationSid, state, policyHash, router.filters]);
}
