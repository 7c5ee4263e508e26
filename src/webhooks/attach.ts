import { ApiError, type Details } from '../errors';
import type { Conversation } from './conversation';
import type { Definition } from './definition';
import { removeAll } from './detach';
import { type ReplayAfter, replayIndex } from './replay';
import { byAge, configuredAs, occupant, sameIdentity, type Webhook } from './webhook';

export interface AttachRequest {
  readonly definition: Definition;
  readonly replayAfter?: ReplayAfter | undefined;
  /** Delete and create again what is attached: the only way to a replay, which Twilio knows on create alone. */
  readonly replace?: boolean;
}

export interface Attached {
  readonly result: 'created' | 'updated' | 'unchanged' | 'replaced';
  readonly webhook: Webhook;
  /** Where a replay was asked for: whether there was one. */
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
  const [current, ...duplicates] = equals((await conversation.list()).webhooks, definition);
  if (current && !request.replace) {
    const detached = await removeAll(conversation, duplicates);
    const settled = await settle(conversation, current, definition);
    return { ...settled, ...replayed(request, false), ...listed(detached) };
  }
  // The index is asked for before the delete, so that the replay covers the gap.
  const replayAfter = await replayIndex(request.replayAfter, conversation);
  const detached = await removeAll(conversation, current ? [current, ...duplicates] : []);
  const created = await create(conversation, definition, replayAfter).catch(alsoTell(listed(detached)));
  const survivor = await lookAgain(conversation, created, definition).catch(
    alsoTell({ created: created.sid }),
  );
  const settled =
    survivor.webhook.sid === created.sid
      ? { result: current ? ('replaced' as const) : ('created' as const), webhook: created }
      : await settle(conversation, survivor.webhook, definition);
  return { ...settled, ...replayed(request, true), ...listed([...detached, ...survivor.detached]) };
}

async function settle(
  conversation: Conversation,
  webhook: Webhook,
  definition: Definition,
): Promise<Pick<Attached, 'result' | 'webhook'>> {
  if (configuredAs(webhook, definition)) return { result: 'unchanged', webhook };
  return { result: 'updated', webhook: await conversation.update(webhook.sid, definition) };
}

async function create(
  conversation: Conversation,
  definition: Definition,
  replayAfter: number | undefined,
): Promise<Webhook> {
  try {
    return await conversation.create(definition, replayAfter);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 50361) throw error;
    const { webhooks } = await conversation.list().catch(() => ({ webhooks: [] as Webhook[] }));
    throw error.with({ webhooks: webhooks.map(occupant) });
  }
}

// Somebody else may have attached the same in the meantime.
async function lookAgain(
  conversation: Conversation,
  created: Webhook,
  definition: Definition,
): Promise<{ webhook: Webhook; detached: string[] }> {
  const others = equals((await conversation.list()).webhooks, definition).filter(
    ({ sid }) => sid !== created.sid,
  );
  const [webhook = created, ...duplicates] = [...others, created].sort(byAge);
  return { webhook, detached: await removeAll(conversation, duplicates) };
}

function equals(webhooks: readonly Webhook[], definition: Definition): Webhook[] {
  return webhooks.filter((webhook) => sameIdentity(webhook, definition)).sort(byAge);
}

function replayed({ replayAfter }: AttachRequest, value: boolean) {
  return replayAfter !== undefined && { replayed: value };
}

function alsoTell(details: Details) {
  return (error: unknown): never => {
    throw error instanceof ApiError ? error.with(details) : error;
  };
}

function listed(detached: readonly string[]) {
  return detached.length > 0 ? { detached } : {};
}
