import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { desiredStateIfValid } from '../../sync/load-desired-state';
import { undoneByRepair } from '../../sync/undone';
import { createConversation } from '../../twilio/client';
import { detach } from '../../webhooks/detach';
import { rememberList } from '../../webhooks/last-list';
import { parseSelection } from '../../webhooks/selection';
import type { Webhook } from '../../webhooks/webhook';

/**
 * Deletes one webhook by its SID, those that match, or all. Returns `{detached, count}`, and `managed` with the names of those
 * that come back.
 */
export const handler = createHandler({
  operation: 'detach',
  parse: (event) =>
    parseParameters(event, [
      'ConversationSid',
      'ServiceSid',
      'Sid',
      'Target',
      'Url',
      'UrlPrefix',
      'FlowSid',
      'All',
    ]),
  async run(input, call) {
    const conversation = rememberList(createConversation(input, call));
    const detached = await detach(conversation, parseSelection(input, call.site));
    const before = conversation.lastList();
    const isDetached = ({ sid }: Webhook) => detached.includes(sid);
    const left = before.filter((webhook) => !isDetached(webhook));
    const desired = desiredStateIfValid(call, input.ServiceSid);
    const managed = undoneByRepair(before.filter(isDetached), left, desired);
    return { body: { detached, count: detached.length, ...(managed.length > 0 && { managed }) } };
  },
});
