import { MAX_WEBHOOKS } from '../lib/limits';
import { routerHost } from '../webhooks/router';
import type { Webhook } from '../webhooks/webhook';
import type { Commit } from './commit';
import { type DesiredState, groupByName, ROUTER, type Step } from './plan';

/** A step as the response shows it. */
export interface Change {
  readonly step: Step['step'];
  readonly webhook: string;
  readonly sid?: string;
  readonly why: string;
}

export interface SyncResult {
  /** The current profile; null without a router. */
  readonly profile: string | null;
  /** The profile before the sync. */
  readonly previous_profile: string | null;
  /** `unmanaged`: the conversation has no router. */
  readonly result: 'changed' | 'unchanged' | 'planned' | 'unmanaged';
  readonly plan: readonly Change[];
  /** Steps that Twilio refused because the conversation is closed. */
  readonly refused?: readonly Change[];
  /** Hosts of other deployments' routers: they manage this conversation too. */
  readonly foreign_routers?: readonly string[];
  readonly rounds: number;
  readonly count: number;
  readonly free: number;
}

type Progress = Pick<SyncResult, 'profile' | 'previous_profile' | 'result' | 'plan' | 'rounds'> & {
  readonly refused: readonly Change[];
};

/** The result of a sync that leaves the conversation with these webhooks. */
export function toResult(
  { refused, rounds, ...progress }: Progress,
  webhooks: readonly Webhook[],
  desired: DesiredState,
): SyncResult {
  const foreign = webhooks.filter((webhook) => !groupByName([webhook], desired).has(ROUTER));
  const foreign_routers = foreign.flatMap((webhook) => routerHost(webhook) ?? []);
  return {
    ...progress,
    ...(refused.length > 0 && { refused }),
    ...(foreign_routers.length > 0 && { foreign_routers }),
    rounds,
    count: webhooks.length,
    free: Math.max(0, MAX_WEBHOOKS - webhooks.length),
  };
}

export function toChange(step: Step | Commit): Change {
  const sid = 'sid' in step ? step.sid : undefined;
  const kind = step.step === 'commit' ? (sid === undefined ? 'create' : 'update') : step.step;
  return { step: kind, webhook: step.webhook, ...(sid !== undefined && { sid }), why: step.why };
}
