import { ApiError } from '../lib/api-error';
import { quote } from '../lib/error-text';
import { MAX_WEBHOOKS } from '../lib/limits';
import { routerHost } from '../webhooks/router';
import { slotSummary, type Webhook } from '../webhooks/webhook';
import { type Change, toChange } from './change';
import type { DesiredState } from './desired-state';
import { ROUTER } from './managed-webhooks';
import type { Stop } from './next';
import type { Step } from './plan';
import type { RunState } from './run-state';
import type { Snapshot } from './snapshot';

/** A step that Twilio refused, and its error. */
export interface RefusedChange extends Change {
  readonly code: number;
  readonly message: string;
}

export interface SyncResult {
  /** The current profile; null without a router. */
  readonly profile: string | null;
  /** The profile before the sync. */
  readonly previous_profile: string | null;
  /** `unmanaged`: the conversation has no router. `failed`: its profile is not in the policy. */
  readonly result: 'changed' | 'unchanged' | 'planned' | 'unmanaged' | 'failed';
  /** Why nothing was done. */
  readonly why?: string;
  /** The name of the rule that decided, or its position in the policy, from 0. */
  readonly rule?: string | number;
  /** Index of the first message that the profile's webhooks must receive, if this sync wrote it. */
  readonly replay?: number;
  /** Hash of the policy. */
  readonly policy: string;
  readonly plan: readonly Change[];
  /** Steps that Twilio refused. */
  readonly refused?: readonly RefusedChange[];
  /** False if the decision could not be verified: another one may have overwritten it. */
  readonly verified?: false;
  /** What somebody should look at. */
  readonly warnings?: readonly string[];
  /** Hosts of other deployments' routers: they manage this conversation too. */
  readonly foreign_routers?: readonly string[];
  readonly rounds: number;
  readonly count: number;
  readonly free: number;
}

/** How a run ended. */
export interface Ending {
  readonly run: RunState;
  /** The first and the last list. */
  readonly first: Snapshot;
  readonly last: Snapshot;
  readonly stop: Stop;
  /** Set if the decision could not be verified: what was changed since the last list. */
  readonly unverified?: { readonly changes: readonly Change[] } | undefined;
  /** What a dry run would do. */
  readonly planned?: readonly Step[];
  /** The executions that it would end, if they are active. */
  readonly toEnd: readonly Change[];
}

const GROWTH = { create: 1, update: 0, delete: -1, endExecution: 0 } as const;

/** The result of a run. */
export function toResult(
  { run, first, last, stop, unverified, planned, toEnd }: Ending,
  { policyHash: policy }: DesiredState,
): SyncResult {
  const { decided, refusals } = run;
  const written = planned?.find((step) => step.step === 'write');
  const decision = written?.decides ?? decided?.decision;
  // The last list may be older than a decision that could not be verified.
  const isOlder = unverified && decided && !last.state?.Done.includes(decided.decision.key);
  const state = written?.state ?? (isOlder ? decided.state : last.state);
  const profile = state?.Profile ?? null;
  const unlisted = unverified?.changes ?? [];
  const count = unlisted.reduce((sum, { step }) => sum + GROWTH[step], last.webhooks.length);
  const refused = refusals.map(toRefusedChange);
  const foreign = foreignRouters(last);
  const replay = written || decision || run.adopted ? state?.Replay : undefined;
  const warnings = warningsOf({ run, stop, unverified, foreign, policy });
  return {
    profile,
    previous_profile: first.state?.Profile ?? null,
    result: resultOf(run, stop, profile, planned),
    ...(!decision && run.changes.length === 0 && stop.kind === 'done' && { why: stop.why }),
    ...(decision?.rule !== undefined && { rule: decision.rule }),
    ...(replay !== undefined && { replay }),
    policy,
    plan: planned ? [...planned.map(toChange), ...toEnd] : run.changes,
    ...(refused.length > 0 && { refused }),
    ...(unverified && { verified: false as const }),
    ...(warnings.length > 0 && { warnings }),
    ...(foreign.length > 0 && { foreign_routers: foreign }),
    rounds: run.rounds,
    count,
    free: Math.max(0, MAX_WEBHOOKS - count),
  };
}

/** The error of a run that could not finish. */
export function toError(
  stop: Exclude<Stop, { kind: 'done' }>,
  run: RunState,
  { webhooks }: Snapshot,
): ApiError {
  switch (stop.kind) {
    case 'noSlot':
      return new ApiError(
        50361,
        `No free slot for ${stop.missing.join(', ')}; detach a webhook that is not needed`,
        { missing: stop.missing, webhooks: webhooks.map(slotSummary) },
        403,
      );
    case 'unknownProfile':
      return new ApiError(20001, unknownProfile(stop.profile));
    case 'tooManyRounds':
      return (
        run.throttled ??
        new ApiError(20503, `The conversation kept changing for ${run.rounds} rounds; sync it again`)
      );
    case 'outOfTime':
      return new ApiError(20503, 'No time was left to finish; sync the conversation again');
  }
}

function toRefusedChange({ step, error: { code, message } }: RunState['refusals'][number]): RefusedChange {
  return { ...toChange(step), code, message };
}

function resultOf(
  { changes }: RunState,
  stop: Stop,
  profile: string | null,
  planned: readonly Step[] | undefined,
): SyncResult['result'] {
  if (planned) return 'planned';
  if (stop.kind === 'unknownProfile') return 'failed';
  if (changes.length > 0) return 'changed';
  return profile === null ? 'unmanaged' : 'unchanged';
}

function foreignRouters({ webhooks, groups }: Snapshot): string[] {
  const ours: readonly Webhook[] = groups.get(ROUTER) ?? [];
  return webhooks.flatMap((webhook) => (ours.includes(webhook) ? [] : (routerHost(webhook) ?? [])));
}

function warningsOf({
  run,
  stop,
  unverified,
  foreign,
  policy,
}: Pick<Ending, 'run' | 'stop' | 'unverified'> & { foreign: readonly string[]; policy: string }): string[] {
  return [
    ...(stop.kind === 'unknownProfile' ? [unknownProfile(stop.profile)] : []),
    ...run.refusals.map(
      ({ step, error }) =>
        `Twilio refused to ${toChange(step).step} ${step.webhook}: ${error.code} ${error.message}`,
    ),
    ...run.warnings,
    ...(run.adopted ? [`took over policy ${policy}`] : []),
    ...(foreign.length > 0 ? [`also managed by ${foreign.join(', ')}`] : []),
    ...(unverified ? ['the decision could not be verified; another may have overwritten it'] : []),
  ];
}

function unknownProfile(profile: string): string {
  return `The conversation is in profile ${quote(profile)}, which is not in the policy; sync it with Profile, or add it to formerProfiles`;
}
