import { requestedProfile } from '../../src/sync/requested-profile';
import type { SyncResult } from '../../src/sync/result';
import { sync as syncConversation } from '../../src/sync/sync';
import { type Timing, timingUntil } from '../../src/sync/timing';
import type { Conversation, WebhookList } from '../../src/webhooks/conversation';
import { parseReplayAfter } from '../../src/webhooks/replay-after';
import { isRouter } from '../../src/webhooks/router';
import type { Client } from '../client';
import { CliError } from '../errors';
import { counted } from '../format';
import type { Terminal } from '../terminal';
import { fingerprint, type Inspection, inspect, type Scope } from './inspect';
import type { JournalContent } from './journal';
import type { SyncOptions } from './options';
import type { Pace } from './pace';
import { assertSamePlan, readPlanFile } from './plan-file';
import { prepare } from './prepare';
import type { Rest } from './queue';
import { isToDo, type Outcome, run, SkippedError } from './run';
import { scan } from './scan';
import { assertSameVersion } from './status';
import { Totals } from './totals';
import { assertFewChanges } from './valve';

/** As long as a function has: the protocol counts on it that no run lives longer than ten seconds. */
const RUN_MS = 8_750;

/** A conversation to be changed. */
type Item = Pick<Inspection, 'conversation' | 'service' | 'state' | 'profile' | 'seen' | 'findings' | 'plan'>;

/** Brings conversations to the policy. @returns the exit code. @throws CliError, ApiError */
export async function sync(options: SyncOptions, terminal: Terminal): Promise<number> {
  const plan = options.plan === undefined ? undefined : await readPlanFile(terminal.folder, options.plan);
  const { scope, header } = prepare(
    { ...options, profile: plan ? plan.header.profile : options.profile },
    terminal.folder,
  );
  if (plan) assertSamePlan(plan.header, header);
  await assertSameVersion(options.origin, header.policy);
  const { account, deployment, policy, profile } = header;
  return run<Item>(
    {
      header: { journal: 1, command: 'sync', account, deployment, policy, profile, plan: plan?.header.at },
      find: async (client, pace, earlier) =>
        plan
          ? plan.inspections.filter(({ conversation }) => isToDo(conversation, earlier))
          : findChanges(client, scope, options, { pace, earlier }),
      nothing: 'Nothing to do: a sync would change no conversation.',
      steps,
      question: (conversations) => `Sync ${conversations} of account ${account}?`,
      verb: 'synced',
      change: (client, item, attempt, rest) =>
        syncOne(client, item, scope, {
          isReviewed: plan !== undefined && attempt === 0,
          replayAfter: options.replayAfter,
          rest,
        }),
    },
    options,
    terminal,
  );
}

/** The conversations that are out of order. @throws CliError if they are too many */
async function findChanges(
  client: Client,
  scope: Scope,
  { filter, force }: SyncOptions,
  { pace, earlier }: { pace: Pace; earlier: JournalContent | undefined },
): Promise<Inspection[]> {
  const totals = new Totals();
  const found: Inspection[] = [];
  await scan(client, filter, pace, {
    async visit(listed, list) {
      const inspection = await inspect(listed, list, scope);
      totals.add(inspection);
      if (inspection.plan.length > 0) found.push(inspection);
    },
    failed: (failure) => totals.addFailure(failure),
    skips: ({ conversation }) => !isToDo(conversation, earlier),
  });
  const [failure] = totals.failures;
  if (failure)
    throw new CliError(
      `${counted(totals.failures.length, 'conversation')} could not be read, ${failure.conversation} for one: ${failure.error}; nothing was changed`,
    );
  // A run that goes on has passed here before.
  if (!force && !earlier)
    assertFewChanges(found.filter(({ profile }) => profile !== null).length, totals.managed);
  return found;
}

function steps(chosen: readonly Pick<Item, 'plan'>[]): Map<string, number> {
  const conversations = new Map<string, number>();
  for (const { step, webhook } of chosen.flatMap(({ plan }) => plan)) {
    const name = `${step} ${webhook}`;
    conversations.set(name, (conversations.get(name) ?? 0) + 1);
  }
  return new Map([...conversations].sort(([, a], [, b]) => b - a));
}

interface SyncOneOptions {
  /** Whether the conversation must be as it was when its plan was made. */
  readonly isReviewed: boolean;
  readonly replayAfter?: string | undefined;
  readonly rest: Rest;
}

/** Somebody has taken a conversation in that was to enter a profile. */
class ManagedMeanwhileError extends Error {}

async function syncOne(
  client: Client,
  item: Item,
  scope: Scope,
  { isReviewed, replayAfter, rest }: SyncOneOptions,
): Promise<Outcome> {
  const key = { ConversationSid: item.conversation, ServiceSid: item.service };
  const desired = scope.desired(item.service);
  const enters = item.profile === null;
  const conversation = checkFirstList(client.conversation(key, RUN_MS), ({ webhooks }) => {
    if (isReviewed && fingerprint(webhooks) !== item.seen)
      throw new SkippedError('it has changed since the report');
    if (enters && webhooks.some((webhook) => isRouter(webhook, desired.router)))
      throw new ManagedMeanwhileError();
  });
  if (item.state === 'closed') return deleteLeftovers(conversation, item, scope);
  const trigger = enters
    ? requestedProfile(scope.profile, parseReplayAfter(replayAfter), desired)
    : requestedProfile(undefined, undefined, desired);
  const needsNewest = isNewestNeeded(item);
  const timing = restful(timingUntil(performance.now() + RUN_MS), rest);
  try {
    return toOutcome(
      await syncConversation(conversation, { desired, trigger: { ...trigger, needsNewest }, timing }),
    );
  } catch (error) {
    if (!(error instanceof ManagedMeanwhileError)) throw error;
    // Its profile is decided. An attempt of ours may have got that far.
    return syncOne(client, { ...item, profile: '' }, scope, { isReviewed: false, rest });
  }
}

/** Whether its sync will need the index of the newest message: it enters a profile, adopts a policy, or creates a webhook. */
function isNewestNeeded({ findings, plan }: Item): boolean {
  return findings.includes('otherPolicy') || plan.some(({ step }) => step === 'create');
}

/** While a conversation waits, another one may be at work. */
function restful(timing: Timing, rest: Rest): Timing {
  return { ...timing, sleep: (ms) => rest(timing.sleep(ms)) };
}

function toOutcome({ result, plan, refused = [] }: SyncResult): Outcome {
  const steps = plan.map(({ step, webhook }) => `${step} ${webhook}`);
  const why = refused.map(({ step, webhook, code, message }) => `${step} ${webhook}: ${code} ${message}`);
  if (why.length > 0) return { result: 'refused', why: why.join('; '), steps };
  return result === 'changed' ? { result, steps } : { result: 'unchanged' };
}

/** A closed conversation takes nothing but deletes. */
async function deleteLeftovers(conversation: Conversation, item: Item, scope: Scope): Promise<Outcome> {
  const { plan } = await inspect(item, await conversation.list(), scope);
  for (const { sid } of plan) await conversation.remove(sid!);
  const steps = plan.map(({ step, webhook }) => `${step} ${webhook}`);
  return plan.length > 0 ? { result: 'changed', steps } : { result: 'unchanged' };
}

function checkFirstList(conversation: Conversation, check: (list: WebhookList) => void): Conversation {
  let isFirst = true;
  return {
    ...conversation,
    async list() {
      const list = await conversation.list();
      if (isFirst) check(list);
      isFirst = false;
      return list;
    },
  };
}
