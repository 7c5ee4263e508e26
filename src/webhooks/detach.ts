import { ApiError } from '../lib/api-error';
import type { Conversation } from './conversation';
import { type Selection, selects } from './selection';
import type { Webhook } from './webhook';

/**
 * Deletes what is selected and answers with the SIDs of what was there to delete. That it is gone already is a success;
 * that the conversation is not there is Twilio's 404.
 * @throws ApiError Twilio's, with what was deleted before it in `details`
 */
export async function detach(conversation: Conversation, selection: Selection): Promise<string[]> {
  if ('match' in selection)
    return removeAll(
      conversation,
      (await conversation.list()).webhooks.filter((webhook) => selects(selection.match, webhook)),
    );
  if (await conversation.remove(selection.sid)) return [selection.sid];
  await conversation.list();
  return [];
}

/**
 * Deletes one after the other, and adds their SIDs to `detached`.
 * @throws ApiError with what stands there in `details.detached`
 */
export async function removeAll(
  conversation: Conversation,
  webhooks: readonly Webhook[],
  detached: string[] = [],
): Promise<string[]> {
  for (const { sid } of webhooks) {
    try {
      if (await conversation.remove(sid)) detached.push(sid);
    } catch (error) {
      throw error instanceof ApiError && detached.length > 0 ? error.withDetails({ detached }) : error;
    }
  }
  return detached;
}
