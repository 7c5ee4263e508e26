import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { desiredStateIfValid } from '../../sync/load-desired-state';
import { undoneByRepair } from '../../sync/undone';
import { createConversation } from '../../twilio/client';
import { attach } from '../../webhooks/attach';
import { parseDefinition } from '../../webhooks/definition';
import { rememberList } from '../../webhooks/last-list';
import { parseReplayAfter } from '../../webhooks/replay-after';

/**
 * Makes sure that a conversation has a webhook exactly once. Returns the webhook and `result`, and its name as
 * `managed` if the policy will change it back.
 */
export const handler = createHandler({
  operation: 'attach',
  parse: (event) =>
    parseParameters(event, [
      'ConversationSid',
      'ServiceSid',
      'Target',
      'Url',
      'Method',
      'Filters',
      'Triggers',
      'FlowSid',
      'ReplayAfter',
      'Replace',
    ]),
  async run(input, call) {
    const conversation = rememberList(createConversation(input, call));
    const { webhook, ...outcome } = await attach(conversation, {
      definition: parseDefinition(input.Target, input, call.site),
      replayAfter: parseReplayAfter(input.ReplayAfter),
      replace: input.Replace ?? false,
    });
    const older = [webhook.sid, ...(outcome.detached ?? [])];
    const others = conversation.lastList().filter(({ sid }) => !older.includes(sid));
    const desired = desiredStateIfValid(call, input.ServiceSid);
    const [managed] = undoneByRepair([webhook], [...others, webhook], desired);
    return {
      status: outcome.result === 'created' ? 201 : 200,
      body: { ...webhook, ...outcome, ...(managed !== undefined && { managed }) },
    };
  },
});
