import { ApiError, type Details } from '../errors';
import type { Conversation } from './conversation';
import type { Definition } from './definition';
import { removeAll } from './detach';
import { type ReplayAfter, replayIndex } from './replay';
import { updateSurely } from './update';
import { byAge, configuredAs, occupant, sameIdentity, type Webhook } from './webhook';

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
  /** Where a replay was asked for: whether the webhook that is attached now has it. */
  readonly replayed?: boolean;
  /** Deleted on the way: what was replaced, and duplicates. */
  readonly detached?: readonly string[];
}

/**
 * Sees to it that the conversation carries this webhook exactly once. The API has no conditional create, so of webhooks
 * with one identity the oldest stays, and whoever sees the others deletes them.
 * @throws ApiError Twilio's; 50361 with the occupants of the slots in `details`
 */
export async function attach(conversation: Conversation, request: AttachRequest): Promise<Attached> {
  const { definition } = request;
  const { webhooks } = await conversation.list();
  const [current, ...duplicates] = equals(webhooks, definition);
  if (current && !request.replace) {
    const detached = await removeAll(conversation, duplicates);
    return answer(request, await settle(conversation, current, definition), detached);
  }
  // The index is asked for before the delete, so that the replay covers the gap.
  const replayAfter = await replayIndex(request.replayAfter, conversation);
  // What Twilio would refuse to create it refuses here, while there is still something to lose.
  if (current) await updateSurely(conversation, current.sid, definition);
  const detached = await removeAll(conversation, current ? [current, ...duplicates] : []);
  const attached = await create(conversation, definition, replayAfter).catch(alsoTell(listed(detached)));
  if (!attached.created) {
    const { result, webhook } = await settle(conversation, attached.webhook, definition);
    return answer(request, { result: current ? 'replaced' : result, webhook }, detached);
  }

  const { webhook: created } = attached;
  const survivor = await lookAgain(conversation, created, definition).catch(
    alsoTell({ created: created.sid }),
  );
  const all = [...detached, ...survivor.detached];
  if (survivor.webhook.sid !== created.sid)
    return answer(request, await settle(conversation, survivor.webhook, definition), all);
  return answer(request, { result: current ? 'replaced' : 'created', webhook: created }, all, true);
}

type Settled = Pick<Attached, 'result' | 'webhook'>;

async function settle(
  conversation: Conversation,
  webhook: Webhook,
  definition: Definition,
): Promise<Settled> {
  if (configuredAs(webhook, definition)) return { result: 'unchanged', webhook };
  return { result: 'updated', webhook: await updateSurely(conversation, webhook.sid, definition) };
}

/**
 * Creates it. Where the answer was lost, or somebody else did so in the moment in which the last slot was taken, what is
 * there is looked at: nothing is created twice.
 * @returns `created` where this run did it, and knows
 */
async function create(conversation: Conversation, definition: Definition, replayAfter: number | undefined) {
  for (let tries = 1; ; tries++) {
    try {
      return { created: true, webhook: await conversation.create(definition, replayAfter) };
    } catch (error) {
      if (!(error instanceof ApiError) || !(error.ambiguous || error.code === 50361)) throw error;
      const { webhooks } = await conversation.list().catch(() => ({ webhooks: undefined }));
      const [theirs] = equals(webhooks ?? [], definition);
      if (theirs) return { created: false, webhook: theirs };
      if (error.code === 50361) throw error.with({ webhooks: webhooks?.map(occupant) });
      if (!webhooks || tries === MAX_TRIES) throw error;
    }
  }
}

// Somebody else may have attached the same in the meantime.
async function lookAgain(
  conversation: Conversation,
  created: Webhook,
  definition: Definition,
): Promise<{ webhook: Webhook; detached: string[] }> {
  const { webhooks } = await conversation.list();
  const others = equals(webhooks, definition).filter(({ sid }) => sid !== created.sid);
  const [webhook = created, ...duplicates] = [...others, created].sort(byAge);
  return { webhook, detached: await removeAll(conversation, duplicates) };
}

function equals(webhooks: readonly Webhook[], definition: Definition): Webhook[] {
  return webhooks.filter((webhook) => sameIdentity(webhook, definition)).sort(byAge);
}

function answer(
  { replayAfter }: AttachRequest,
  settled: Settled,
  detached: readonly string[],
  replayed = false,
): Attached {
  return { ...settled, ...(replayAfter !== undefined && { replayed }), ...listed(detached) };
}

function alsoTell(details: Details) {
  return (error: unknown): never => {
    throw error instanceof ApiError ? error.with(details) : error;
  };
}

function listed(detached: readonly string[]) {
  return detached.length > 0 ? { detached } : {};
}
