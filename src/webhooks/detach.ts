import type { Conversation } from './conversation';
import { removeAll, withProgress } from './progress';
import { type Selection, selects } from './selection';

/**
 * Deletes what is selected and returns the SIDs of what was there to delete. Already gone is a success; a conversation
 * that does not exist is Twilio's 404.
 * @throws ApiError Twilio's, with what was deleted before it in `details`
 */
export function detach(conversation: Conversation, selection: Selection): Promise<string[]> {
  return withProgress(async (progress) => {
    const { webhooks } = await conversation.list();
    // A list may lag behind: what is named by its SID is deleted even if it is not in it.
    if ('sid' in selection) return (await conversation.remove(selection.sid)) ? [selection.sid] : [];
    const selected = webhooks.filter((webhook) => selects(selection, webhook));
    await removeAll(conversation, selected, progress);
    return progress.detached;
  });
}
