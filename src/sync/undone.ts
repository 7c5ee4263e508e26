import type { Webhook } from '../webhooks/webhook';
import { type DesiredState, profileToday } from './desired-state';
import { groupByName } from './managed-webhooks';
import { plan } from './plan';
import { managedAmong } from './snapshot';

/**
 * Of webhooks that a call attached, updated or deleted, the names of those that the conversation's next repair will change
 * back. None if the conversation is not managed.
 * @param after what the conversation has since
 */
export function undoneByRepair(
  changed: readonly Webhook[],
  after: readonly Webhook[],
  desired: DesiredState | undefined,
): string[] {
  if (!desired) return [];
  const { groups, state, own } = managedAmong(after, desired);
  const profile = state && profileToday(desired, state.Profile);
  if (profile === undefined) return [];
  const changedNames = groupByName(changed, desired, new Set([...own.want, ...own.rest]));
  const changedSids = new Set(changed.map(({ sid }) => sid));
  const undone = plan(groups, desired, { profile, attached: after.length }).filter((step) =>
    step.step === 'create' ? changedNames.has(step.webhook) : changedSids.has(step.sid),
  );
  return [...new Set(undone.map(({ webhook }) => webhook))];
}
