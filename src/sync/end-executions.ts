import { ApiError } from '../lib/api-error';
import type { Execution, Executions } from '../webhooks/executions';
import type { Change } from './change';
import { type DesiredState, profileToday } from './desired-state';
import type { Step } from './plan';
import type { RunState } from './run-state';
import type { Snapshot } from './snapshot';
import type { Timing } from './timing';

/** A flow whose webhook a decision took away. */
export interface LeftFlow {
  /** The webhook's name in the policy. */
  readonly webhook: string;
  readonly flowSid: string;
  /** The profile that does not have it. */
  readonly profile: string;
}

/** Studio's clock may differ from that of Conversations. */
const CLOCK_TOLERANCE_MS = 60_000;
const MIN_CALL_MS = 250;

/**
 * The flows with `endExecutions` that a run's decision leaves: in the profile before it, and not in the one after it. In a
 * closed conversation the decision cannot be written, but counts.
 * @param planned the steps of a dry run
 */
export function flowsLeft(
  run: RunState,
  { first, last, planned }: { first: Snapshot; last: Snapshot; planned?: readonly Step[] | undefined },
  desired: DesiredState,
): LeftFlow[] {
  const written = planned?.find((step) => step.step === 'write');
  if (!run.decided && run.refusedProfile === undefined && !written?.decides) return [];
  const before = namesIn(first.state?.Profile, desired);
  const profile = written?.state.Profile ?? run.refusedProfile ?? last.state?.Profile;
  if (profile === undefined) return [];
  const after = namesIn(profile, desired);
  return before.flatMap((webhook) => {
    const definition = desired.webhooks[webhook]!;
    const isLeft = definition.target === 'studio' && definition.endExecutions && !after.includes(webhook);
    return isLeft ? [{ webhook, flowSid: definition.flowSid, profile }] : [];
  });
}

function namesIn(profile: string | undefined, desired: DesiredState): readonly string[] {
  const today = profile === undefined ? undefined : profileToday(desired, profile);
  return today === undefined ? [] : desired.profiles[today]!;
}

export function toEndChange({ webhook, profile }: LeftFlow, sid?: string): Change {
  return {
    step: 'endExecution',
    webhook,
    ...(sid !== undefined && { sid }),
    why: `not in profile ${profile}`,
  };
}

/**
 * Ends the active executions that flows have in a conversation. The decision stands already, so a failure is a warning.
 * @param managed a list in which the conversation has a router
 */
export async function endExecutions(
  run: RunState,
  flows: readonly LeftFlow[],
  managed: Snapshot,
  executions: Executions,
  timing: Timing,
): Promise<RunState> {
  const changes: Change[] = [];
  const warnings: string[] = [];
  const since = oldestOf(managed);
  const isOurs = matcher(managed.router!.conversation_sid, executions);
  for (const flow of flows) {
    const warn = (why: string) => warnings.push(`could not end the executions of ${flow.webhook}: ${why}`);
    if (timing.now() >= timing.deadline - MIN_CALL_MS) {
      warn('no time was left');
      continue;
    }
    const ended: Change[] = [];
    try {
      const { executions: active, complete } = await executions.active(flow.flowSid, since);
      for (const execution of active.toSorted(conversationsFirst)) {
        if (!(await isOurs(flow.flowSid, execution))) continue;
        await executions.end(flow.flowSid, execution.sid);
        ended.push(toEndChange(flow, execution.sid));
      }
      if (ended.length === 0 && !complete)
        warn(`none of the first ${active.length} is of this conversation, and there are more`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      warn(`${error.code} ${error.message}`);
    }
    changes.push(...ended);
  }
  return { ...run, changes: [...run.changes, ...changes], warnings: [...run.warnings, ...warnings] };
}

/**
 * Tells a conversation's executions from others. A customer may be in several conversations with one flow, so an execution
 * with the customer's address is theirs only if its context names no other conversation.
 */
function matcher(conversationSid: string, executions: Executions) {
  let addresses: readonly string[] | undefined;
  return async (flowSid: string, { sid, address }: Execution): Promise<boolean> => {
    if (isConversation(address)) return address === conversationSid;
    addresses ??= await executions.addresses();
    if (!addresses.includes(address)) return false;
    return ((await executions.conversationOf(flowSid, sid)) ?? conversationSid) === conversationSid;
  };
}

function isConversation(address: string): boolean {
  return /^CH[0-9a-fA-F]{32}$/.test(address);
}

// They need no other call.
function conversationsFirst(a: Execution, b: Execution): number {
  return Number(isConversation(b.address)) - Number(isConversation(a.address));
}

/** When the oldest webhook was attached: no flow that a webhook started began before. Undefined if Twilio does not say. */
function oldestOf({ webhooks }: Snapshot): string | undefined {
  const oldest = Math.min(...webhooks.map(({ date_created }) => Date.parse(date_created)));
  return Number.isNaN(oldest) ? undefined : new Date(oldest - CLOCK_TOLERANCE_MS).toISOString();
}
