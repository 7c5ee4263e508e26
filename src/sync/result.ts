import { MAX_WEBHOOKS } from '../lib/limits';
import { routerHost } from '../webhooks/router';
import type { Webhook } from '../webhooks/webhook';
import type { Commit } from './commit';
import { type DesiredState, groupByName, ROUTER, type Step } from './plan';

/** A change as an answer shows it. */
export interface Change {
  readonly step: Step['step'];
  readonly webhook: string;
  readonly sid?: string;
  readonly why: string;
}

export interface SyncResult {
  /** The profile in force; null where there is no router. */
  readonly profile: string | null;
  /** The one that was in force before. */
  readonly previous_profile: string | null;
  /** `unmanaged`: there is no router, so the conversation is not under the policy. */
  readonly result: 'changed' | 'unchanged' | 'planned' | 'unmanaged';
  readonly plan: readonly Change[];
  /** What Twilio refused to change because the conversation is closed. */
  readonly refused?: readonly Change[];
  /** Hosts of routers that are not ours: another deployment manages this conversation too. */
  readonly foreign_routers?: readonly string[];
  readonly rounds: number;
  readonly count: number;
  readonly free: number;
}

/** What a sync has come to, as far as it did not see it in the conversation itself. */
type Progress = Pick<SyncResult, 'profile' | 'previous_profile' | 'result' | 'plan' | 'rounds'> & {
  readonly refused: readonly Change[];
};

/** The answer of a sync that leaves the conversation with these webhooks. */
export function toResult(
  { refused, rounds, ...done }: Progress,
  webhooks: readonly Webhook[],
  desired: DesiredState,
): SyncResult {
  const foreign = webhooks.filter((webhook) => !groupByName([webhook], desired).has(ROUTER));
  const foreign_routers = foreign.flatMap((webhook) => routerHost(webhook) ?? []);
  return {
    ...done,
    ...(refused.length > 0 && { refused }),
    ...(foreign_routers.length > 0 && { foreign_routers }),
    rounds,
    count: webhooks.length,
    free: Math.max(0, MAX_WEBHOOKS - webhooks.length),
  };
}

/** A step in the words of an answer. */
export function toChange(step: Step | Commit): Change {
  const sid = 'sid' in step ? step.sid : undefined;
  const kind = step.step === 'commit' ? (sid === undefined ? 'create' : 'update') : step.step;
  return { step: kind, webhook: step.webhook, ...(sid !== undefined && { sid }), why: step.why };
}
