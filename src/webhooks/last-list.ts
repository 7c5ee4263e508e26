import type { Conversation } from './conversation';
import type { Webhook } from './webhook';

/** A conversation that remembers what its last list showed, so that nobody has to list again for it. */
export interface ListedConversation extends Conversation {
  lastList(): readonly Webhook[];
}

export function rememberList(conversation: Conversation): ListedConversation {
  let last: readonly Webhook[] = [];
  return {
    ...conversation,
    list: async () => {
      const list = await conversation.list();
      last = list.webhooks;
      return list;
    },
    lastList: () => last,
  };
}
