import { ApiError, type Details } from '../lib/api-error';
import type { Conversation } from './conversation';
import type { Definition } from './definition';
import { removeAll } from './detach';
import { type ReplayAfter, replayIndex } from './replay';
import { updateVerified } from './update';
import { byAge, isSameWebhook, matchesConfig, slotSummary, type Webhook } from './webhook';

/** Creates of which none has happened: each was looked for before the next. */
const MAX_TRIES = 3;

export interface AttachRequest {
  readonly definition: Definition;
  readonly replayAfter?: ReplayAfter | undefined;
  /** Delete and create again what is attached: the only way to a replay, which Twilio knows on create alone. */
  readonly replace?: boolean;
}

export interface Attached {
  readonly result: 'created' | 'updated' | 'unchanged' | 'replaced';
  readonly webhook: Webhook;
  /** Where a replay was asked for: whether the webhook that is attached now has it; left out where nobody knows. */
  readonly replayed?: boolean;
  /** Deleted on the way: what was replaced, and duplicates. */
  readonly detached?: readonly string[];
}

/** How often it may happen that what is attached is gone at the moment in which it is updated. */
const TRIES = 4;

/**
 * Sees to it that the conversation carries this webhook exactly once. The API has no conditional create, so of webhooks
 * with one identity the oldest stays, and whoever sees the others deletes them.
 * @throws ApiError Twilio's; 50361 with the occupants of the slots in `details`
 */
export async function attach(conversation: Conversation, request: AttachRequest): Promise<Attached> {
  const detached: string[] = [];
  for (let left = TRIES; left > 0; left--) {
    const settled = await attempt(conversation, request, detached).catch((error) =>
      alsoTell(listed(detached))(error),
    );
    if (settled) return answer(request, settled, detached);
  }
  throw new ApiError(20503, 'Others kept deleting the webhook; attach it again', listed(detached));
}

type Settled = Pick<Attached, 'result' | 'webhook'> & {
  /** Whether this run created it; `perhaps`: the answer to that was lost. */
  readonly isOurs?: boolean | 'perhaps';
};

/** Nothing where somebody has deleted meanwhile what was found. */
async function attempt(
  conversation: Conversation,
  request: AttachRequest,
  detached: string[],
): Promise<Settled | undefined> {
  const { definition } = request;
  const { webhooks } = await conversation.list();
  const [current, ...duplicates] = equals(webhooks, definition);
  if (current && !request.replace) {
    await removeAll(conversation, duplicates, detached);
    return settle(conversation, current, definition);
  }
  // The index is asked for before the delete, so that the replay covers the gap.
  const replayAfter = await replayIndex(request.replayAfter, conversation);
  // What Twilio would refuse to create it refuses here, while there is still something to lose.
  if (current && !(await update(conversation, current, definition))) return undefined;
  if (current)
    await removeAll(conversation, [current, ...duplicates], detached).catch(
      alsoTell({ updated: current.sid }),
    );
  const { isOurs, webhook, duplicates: others } = await create(conversation, definition, replayAfter);
  if (isOurs !== true) {
    await removeAll(conversation, others, detached);
    const settled = await settle(conversation, webhook, definition);
    return settled && { ...settled, isOurs, result: current ? 'replaced' : settled.result };
  }

  const survivor = await lookAgain(conversation, webhook, definition, detached).catch(
    alsoTell({ created: webhook.sid }),
  );
  if (survivor.sid !== webhook.sid) return settle(conversation, survivor, definition);
  return { result: current ? 'replaced' : 'created', webhook, isOurs: true };
}

async function settle(
  conversation: Conversation,
  webhook: Webhook,
  definition: Definition,
): Promise<Settled | undefined> {
  if (matchesConfig(webhook, definition)) return { result: 'unchanged', webhook };
  const updated = await update(conversation, webhook, definition);
  return updated && { result: 'updated', webhook: updated };
}

function update(conversation: Conversation, { sid }: Webhook, definition: Definition) {
  return updateVerified(conversation, sid, definition).catch(undefinedWhereGone);
}

/**
 * Creates it. Where the answer was lost, or somebody else did so in the moment in which the last slot was taken, what is
 * there is looked at: nothing is created twice.
 */
async function create(conversation: Conversation, definition: Definition, replayAfter: number | undefined) {
  for (let tries = 1; ; tries++) {
    try {
      return { isOurs: true, webhook: await conversation.create(definition, replayAfter), duplicates: [] };
    } catch (error) {
      if (!(error instanceof ApiError) || !(error.mayHaveSucceeded || error.code === 50361)) throw error;
      const { webhooks } = await conversation.list().catch(() => ({ webhooks: undefined }));
      const [webhook, ...duplicates] = equals(webhooks ?? [], definition);
      if (webhook) return { isOurs: error.mayHaveSucceeded && ('perhaps' as const), webhook, duplicates };
      if (error.code === 50361)
        throw error.withDetails(webhooks ? { webhooks: webhooks.map(slotSummary) } : {});
      if (!webhooks || tries === MAX_TRIES) throw error;
    }
  }
}

// Somebody else may have attached the same in the meantime, or have deleted ours: of what the list lacks only Twilio can
// say whether the list lags.
async function lookAgain(
  conversation: Conversation,
  created: Webhook,
  definition: Definition,
  detached: string[],
): Promise<Webhook> {
  const { webhooks } = await conversation.list();
  const others = equals(webhooks, definition).filter(({ sid }) => sid !== created.sid);
  if (others.length === 0) return created;
  const isListed = webhooks.some(({ sid }) => sid === created.sid);
  const ours = isListed ? created : await conversation.fetch(created.sid).catch(undefinedWhereGone);
  const [survivor = created, ...duplicates] = [...others, ...(ours ? [ours] : [])].sort(byAge);
  await removeAll(conversation, duplicates, detached);
  return survivor;
}

function equals(webhooks: readonly Webhook[], definition: Definition): Webhook[] {
  return webhooks.filter((webhook) => isSameWebhook(webhook, definition)).sort(byAge);
}

function answer(
  { replayAfter }: AttachRequest,
  { isOurs = false, ...settled }: Settled,
  detached: readonly string[],
): Attached {
  const known = replayAfter !== undefined && isOurs !== 'perhaps';
  return { ...settled, ...(known && { replayed: isOurs }), ...listed(detached) };
}

function undefinedWhereGone(error: unknown): undefined {
  if (!(error instanceof ApiError) || error.status !== 404) throw error;
  return undefined;
}

function alsoTell(details: Details) {
  return (error: unknown): never => {
    throw error instanceof ApiError ? error.withDetails(details) : error;
  };
}

function listed(detached: readonly string[]) {
  return detached.length > 0 ? { detached } : {};
}
