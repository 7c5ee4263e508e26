import { createHandler } from '../../handler/create-handler';
import { CONVERSATION_ADDED, splitEvent } from '../../handler/event-parameters';
import { parseParameters } from '../../handler/parameters';
import { desiredStateIfValid } from '../../sync/load-desired-state';
import { undoneByRepair } from '../../sync/undone';
import { createConversation } from '../../twilio/client';
import { attach } from '../../webhooks/attach';
import { parseDefinition } from '../../webhooks/definition';
import { rememberList } from '../../webhooks/last-list';
import { parseReplayAfter } from '../../webhooks/replay-after';

const NAMES = [
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
] as const;

/**
 * Makes sure that a conversation has a webhook exactly once. Returns the webhook and `result`, and its name as `managed` if the
 * policy will change it back. Twilio's webhook for a new conversation may call it directly.
 */
export const handler = createHandler({
  operation: 'attach',
  parse: (event) => {
    const { EventType, parameters = event } = splitEvent(event, NAMES) ?? {};
    return { ...parseParameters(parameters, NAMES), EventType };
  },
  async run(input, call) {
    const { EventType } = input;
    if (EventType !== undefined && EventType !== CONVERSATION_ADDED)
      return {
        body: { result: 'ignored', why: `attach is called for ${CONVERSATION_ADDED}, not ${EventType}` },
      };
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
      status: outcome.result === 'created' && EventType === undefined ? 201 : 200,
      body: { ...webhook, ...outcome, ...(managed !== undefined && { managed }) },
    };
  },
});
