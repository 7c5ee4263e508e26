import { ApiError } from '../lib/api-error';
import { sleep } from '../lib/sleep';
import type { Conversation } from './conversation';
import type { Definition } from './definition';
import { forget, type Progress, removeAll, withProgress } from './progress';
import { type ReplayAfter, replayIndex } from './replay-after';
import { updateVerified } from './update';
import { byAge, isSameWebhook, matchesConfig, slotSummary, type Webhook } from './webhook';

/** How often the protocol starts again because somebody deleted what it found. */
const MAX_ATTEMPTS = 4;
/** Creates that a list shows not to have happened: the response was lost, or another request was in the way. */
const MAX_CREATES = 3;

/** How often, and after how many milliseconds, a stale list is read again. */
const MAX_STALE_LISTS = 3;
const STALE_LIST_MS = 150;

export interface AttachRequest {
  readonly definition: Definition;
  readonly replayAfter?: ReplayAfter | undefined;
  /** Delete and create again what is attached: the only way to a replay, which Twilio knows on create alone. */
  readonly replace?: boolean;
  readonly sleep?: (ms: number) => Promise<void>;
}

export interface Attached {
  readonly result: 'created' | 'updated' | 'unchanged' | 'replaced';
  readonly webhook: Webhook;
  /** If a replay was asked for: whether the attached webhook has it; left out if nobody knows. */
  readonly replayed?: boolean;
  /** Deleted on the way: what was replaced, and duplicates. */
  readonly detached?: readonly string[];
}

/** How the protocol ends. `replayed`: whether the webhook was created by this request; undefined: nobody knows. */
type AttachOutcome = Pick<Attached, 'result' | 'webhook'> & { readonly replayed: boolean | undefined };

type CreateOutcome =
  | { readonly kind: 'created'; readonly webhook: Webhook }
  | {
      readonly kind: 'found';
      readonly webhook: Webhook;
      readonly duplicates: readonly Webhook[];
      /** The response to our create was lost: this may be what it created. */
      readonly mayBeOurs: boolean;
    };

interface AttachRun {
  readonly conversation: Conversation;
  readonly definition: Definition;
  readonly progress: Progress;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Makes sure the conversation has this webhook exactly once. The API has no conditional create, so of webhooks with one
 * identity the oldest stays, and whoever sees the others deletes them.
 * @throws ApiError Twilio's, with what was done before it in `details`; 50361 with what uses the slots in `details`
 */
export function attach(conversation: Conversation, request: AttachRequest): Promise<Attached> {
  const { definition, sleep: pause = sleep } = request;
  return withProgress(async (progress) => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const outcome = await ensure({ conversation, definition, progress, pause }, request);
      if (outcome) return report(outcome, request, progress);
    }
    throw new ApiError(20503, 'Others kept deleting the webhook; attach it again');
  });
}

/** The protocol. Undefined if somebody deleted what it found: then it starts again. */
async function ensure(
  run: AttachRun,
  { replace, replayAfter }: AttachRequest,
): Promise<AttachOutcome | undefined> {
  // 1. Find it.
  const { webhooks } = await run.conversation.list();
  const [current, ...duplicates] = findSame(webhooks, run.definition);

  // 2. The same, and to be kept: reconfigure it.
  if (current && !replace) return keep(run, current, duplicates);

  // 3. To be replaced: delete it. The index is asked for first, so that the replay covers the gap.
  const index = await replayIndex(replayAfter, run.conversation);
  if (current && !(await deleteCurrent(run, current, duplicates))) return undefined;

  // 4. Create it, or find that somebody has.
  const outcome = await createOrFind(run, index);
  if (outcome.kind === 'found') {
    const kept = await keep(run, outcome.webhook, outcome.duplicates);
    if (!kept) return undefined;
    const result = current ? 'replaced' : kept.result;
    return { ...kept, result, replayed: outcome.mayBeOurs ? undefined : false };
  }

  // 5. Resolve the race with whoever created it at the same time.
  const survivor = await resolveRace(run, outcome.webhook);
  if (survivor.sid !== outcome.webhook.sid) return reconfigure(run, survivor);
  return { result: current ? 'replaced' : 'created', webhook: survivor, replayed: true };
}

function findSame(webhooks: readonly Webhook[], definition: Definition): Webhook[] {
  return webhooks.filter((webhook) => isSameWebhook(webhook, definition)).sort(byAge);
}

async function keep(
  run: AttachRun,
  webhook: Webhook,
  duplicates: readonly Webhook[],
): Promise<AttachOutcome | undefined> {
  await removeAll(run.conversation, duplicates, run.progress);
  return reconfigure(run, webhook);
}

/** Undefined if it is gone. */
async function reconfigure(run: AttachRun, webhook: Webhook): Promise<AttachOutcome | undefined> {
  if (matchesConfig(webhook, run.definition)) return { result: 'unchanged', webhook, replayed: false };
  const updated = await update(run, webhook);
  return updated && { result: 'updated', webhook: updated, replayed: false };
}

function update({ conversation, definition }: AttachRun, { sid }: Webhook): Promise<Webhook | undefined> {
  return updateVerified(conversation, sid, definition).catch(ignoreNotFound);
}

/**
 * Deletes what will be created again. The update before it makes Twilio refuse now what it would refuse to create, while
 * there is still something to lose. False if it is gone already.
 */
async function deleteCurrent(
  run: AttachRun,
  current: Webhook,
  duplicates: readonly Webhook[],
): Promise<boolean> {
  if (!(await update(run, current))) return false;
  run.progress.updated = current.sid;
  await removeAll(run.conversation, [current, ...duplicates], run.progress);
  return true;
}

/**
 * Creates it. If the response is lost, or the slots are full, it may be there: a list tells, so that nothing is created
 * twice. If that list fails, the error is that of the create.
 */
async function createOrFind(
  { conversation, definition, progress }: AttachRun,
  replayAfter: number | undefined,
): Promise<CreateOutcome> {
  for (let creates = 1; ; creates++) {
    try {
      const webhook = await conversation.create(definition, replayAfter);
      progress.created = webhook.sid;
      return { kind: 'created', webhook };
    } catch (error) {
      const isFull = error instanceof ApiError && error.code === 50361;
      if (!(error instanceof ApiError) || !(error.mayHaveSucceeded || error.isConflict || isFull))
        throw error;
      const { webhooks } = await conversation.list().catch(() => {
        throw error;
      });
      const [webhook, ...duplicates] = findSame(webhooks, definition);
      if (webhook) return { kind: 'found', webhook, duplicates, mayBeOurs: error.mayHaveSucceeded };
      if (isFull) throw error.withDetails({ webhooks: webhooks.map(slotSummary) });
      if (creates === MAX_CREATES) throw error;
    }
  }
}

/**
 * Lists again and deletes all but the oldest. Somebody may have attached the same in the meantime, or deleted ours, which only
 * a fetch tells. A list that lacks ours, though it is attached, is stale and lacks the others too: it is read again.
 */
async function resolveRace(
  { conversation, definition, progress, pause }: AttachRun,
  created: Webhook,
): Promise<Webhook> {
  let { webhooks } = await conversation.list();
  let ours: Webhook | undefined = created;
  for (let tries = 0; !webhooks.some(({ sid }) => sid === created.sid); tries++) {
    ours = await conversation.fetch(created.sid).catch(ignoreNotFound);
    if (!ours || tries === MAX_STALE_LISTS) break;
    await pause(STALE_LIST_MS);
    ({ webhooks } = await conversation.list());
  }
  const others = findSame(webhooks, definition).filter(({ sid }) => sid !== created.sid);
  if (!ours) forget(progress, created.sid);
  const [survivor = created, ...duplicates] = [...others, ...(ours ? [ours] : [])].sort(byAge);
  await removeAll(conversation, duplicates, progress);
  return survivor;
}

/** 6. Report what was done. */
function report(
  { result, webhook, replayed }: AttachOutcome,
  { replayAfter }: AttachRequest,
  { detached }: Progress,
): Attached {
  return {
    result,
    webhook,
    ...(replayAfter !== undefined && replayed !== undefined && { replayed }),
    ...(detached.length > 0 && { detached }),
  };
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof ApiError) || error.status !== 404) throw error;
  return undefined;
}
