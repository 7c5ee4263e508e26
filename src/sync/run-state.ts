import type { ApiError } from '../lib/api-error';
import type { RouterState } from '../webhooks/router';
import { matchesConfig } from '../webhooks/webhook';
import { type Change, toChange } from './change';
import type { Decision } from './decide';
import type { RouterStep, Step } from './plan';
import type { Snapshot } from './snapshot';

/** What was special about a step that was applied. */
export interface Applied {
  /** Of a create: the new webhook's SID. */
  readonly created?: string;
  /** Of an update: Twilio returned other settings than it was sent. */
  readonly differs?: boolean;
  /** Of a create: without the replay, since Twilio refused one that begins after the newest message. */
  readonly refusedReplay?: number;
}

/** What became of a step. */
export type StepOutcome =
  | ({ readonly kind: 'applied' } & Applied)
  /** The webhook is gone. */
  | { readonly kind: 'gone' }
  /** No slot is free, whatever the list shows. */
  | { readonly kind: 'noSlot' }
  | { readonly kind: 'conflict' }
  /** Twilio was too busy for it while the list was recent enough. */
  | { readonly kind: 'throttled'; readonly error: ApiError }
  /** The conversation is closed: only deletes still work. */
  | { readonly kind: 'closed'; readonly error: ApiError }
  | { readonly kind: 'refused'; readonly error: ApiError }
  /** The response was lost: it may have been applied. */
  | { readonly kind: 'unknown'; readonly error: ApiError }
  /** Nothing else will work either. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Not sent: the list is too old to write on. */
  | { readonly kind: 'tooOld' }
  /** Not sent: the deadline is near. */
  | { readonly kind: 'outOfTime' };

/** A step that Twilio refused. */
export interface Refusal {
  readonly step: Step;
  readonly error: ApiError;
}

/** What a run has found out and done, besides the webhooks in its newest list. */
export interface RunState {
  /** Index of the newest message, -1 in an empty conversation; undefined until it is fetched. */
  readonly newest?: number | undefined;
  /** The last decision that was sent, whether or not its response arrived, as what state, and when: on our clock. */
  readonly decided?: { readonly decision: Decision; readonly state: RouterState; readonly at: number };
  /** Whether the router took over today's policy. */
  readonly adopted: boolean;
  /** The profile of a write of the router that Twilio refused: from then on the run decides nothing. */
  readonly refusedProfile?: string;
  readonly closed: boolean;
  /** Twilio reported that all slots are taken, and nothing was planned on that yet. */
  readonly full: boolean;
  /** How often webhooks were missing and nothing could leave. */
  readonly slotsMissed: number;
  readonly refusals: readonly Refusal[];
  /** The webhooks that this run updated, by SID. */
  readonly updated: ReadonlyMap<string, Pick<Applied, 'differs'>>;
  /** SIDs of the webhooks that this run created, without the router. */
  readonly created: ReadonlySet<string>;
  /** A step that may have been applied. */
  readonly uncertain?: { readonly step: Step; readonly error: ApiError } | undefined;
  /** The last time that Twilio was too busy. */
  readonly throttled?: ApiError;
  readonly outOfTime: boolean;
  /** What ends the run at once. */
  readonly failure?: { readonly error: unknown };
  /** Whether it listed again because the list was older than the event. */
  readonly relisted: boolean;
  /** Rounds in which a step was sent. */
  readonly rounds: number;
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

export const NEW_RUN: RunState = {
  adopted: false,
  closed: false,
  full: false,
  slotsMissed: 0,
  refusals: [],
  updated: new Map(),
  created: new Set(),
  outOfTime: false,
  relisted: false,
  rounds: 0,
  changes: [],
  warnings: [],
};

/** What a run knows after a step. `now`: on our clock, in milliseconds. */
export function reduce(run: RunState, step: Step, outcome: StepOutcome, now: number): RunState {
  const sent =
    step.step === 'write' && step.decides
      ? { decided: { decision: step.decides, state: step.state, at: now } }
      : {};
  switch (outcome.kind) {
    case 'applied':
      return {
        ...run,
        ...sent,
        changes: [...run.changes, toChange(step)],
        warnings: [...run.warnings, ...warningsOf(step, outcome)],
        adopted: run.adopted || adopts(step),
        ...(step.step === 'create' &&
          outcome.created !== undefined && { created: new Set([...run.created, outcome.created]) }),
        ...(step.step === 'update' && { updated: new Map([...run.updated, [step.sid, outcome]]) }),
      };
    case 'conflict':
      return { ...run, ...sent };
    case 'unknown':
      return { ...run, ...sent, uncertain: { step, error: outcome.error } };
    case 'noSlot':
      return { ...run, full: true };
    case 'closed':
    case 'refused':
      return {
        ...run,
        closed: run.closed || outcome.kind === 'closed',
        refusals: [...run.refusals, { step, error: outcome.error }],
        ...(step.step === 'write' && { refusedProfile: step.state.Profile }),
      };
    case 'throttled':
      return { ...run, throttled: outcome.error };
    case 'outOfTime':
      return { ...run, outOfTime: true };
    case 'failed':
      return { ...run, failure: { error: outcome.error } };
    case 'gone':
    case 'tooOld':
      return run;
  }
}

function warningsOf({ webhook }: Step, { differs, refusedReplay }: Applied): string[] {
  return [
    ...(differs ? [`Twilio returned other settings of ${webhook} than it was sent`] : []),
    ...(refusedReplay === undefined
      ? []
      : [`Twilio refused ReplayAfter=${refusedReplay} of ${webhook}, which is after the newest message`]),
  ];
}

/** Whether the steps after this one rest on a list that does not hold any more. */
export function needsNewList(step: Step, { kind }: StepOutcome): boolean {
  switch (kind) {
    case 'applied':
      return false;
    case 'closed':
    case 'refused':
      return step.step === 'write';
    default:
      return true;
  }
}

/** Takes over from a list whether an uncertain step was applied. */
export function withUncertainStep(run: RunState, snapshot: Snapshot): RunState {
  if (!run.uncertain) return run;
  const { step } = run.uncertain;
  const known = { ...run, uncertain: undefined };
  if (!isApplied(step, snapshot)) return known;
  return { ...known, changes: [...run.changes, toChange(step)], adopted: run.adopted || adopts(step) };
}

function adopts(step: Step): boolean {
  return step.step === 'write' && !step.decides;
}

function isApplied(step: Step, { webhooks, groups, state }: Snapshot): boolean {
  switch (step.step) {
    case 'write':
      return isState(step, state);
    case 'create':
      return groups.has(step.webhook);
    case 'update': {
      const webhook = webhooks.find(({ sid }) => sid === step.sid);
      return webhook !== undefined && matchesConfig(webhook, step.settings);
    }
    case 'delete':
      return !webhooks.some(({ sid }) => sid === step.sid);
  }
}

function isState({ state: written, decides }: RouterStep, found: Snapshot['state']): boolean {
  return decides ? found?.Done.includes(decides.key) === true : found?.Policy === written.Policy;
}
