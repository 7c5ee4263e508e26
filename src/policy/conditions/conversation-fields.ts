import type { ConversationFields } from '../../webhooks/conversation';

const PREFIX = 'Conversation.';

/** The fields of a conversation that conditions can be on. */
export const CONVERSATION_FIELDS = [
  'Attributes',
  'FriendlyName',
  'UniqueName',
  'State',
] as const satisfies readonly (keyof ConversationFields)[];

/** What conditions on these fields are called. */
export const CONVERSATION_CONDITIONS: readonly string[] = /* @__PURE__ */ CONVERSATION_FIELDS.map(
  (field) => `${PREFIX}${field}`,
);

/**
 * The field of the conversation that a condition is on: `Attributes.tier` of `Conversation.Attributes.tier`; undefined for a
 * field of the event.
 */
export function conversationField(field: string): string | undefined {
  return field.startsWith(PREFIX) ? field.slice(PREFIX.length) : undefined;
}
