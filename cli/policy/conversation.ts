import { didYouMean, oneOf, quote } from '../../src/lib/error-text';
import {
  CONVERSATION_CONDITIONS,
  CONVERSATION_FIELDS,
  conversationField,
} from '../../src/policy/conditions/conversation-fields';
import { STATES } from '../../src/policy/impossible-conditions';
import { pathTo } from '../../src/policy/issues';
import type { Validator } from '../../src/policy/schema/validator';
import type { ConversationFields } from '../../src/webhooks/conversation';
import { UsageError } from '../errors';
import { jsonIssue } from './event';

type Fields = Readonly<Record<string, string>>;

/** Separates the fields of a conversation, such as `Conversation.State`, from those of an event. @throws UsageError */
export function separateConversation(given: Fields): { event: Fields; conversation: Fields } {
  const entries = Object.entries(given);
  return {
    event: Object.fromEntries(entries.filter(([name]) => conversationField(name) === undefined)),
    conversation: Object.fromEntries(
      entries.flatMap(([name, value]) => {
        const field = conversationField(name);
        return field === undefined ? [] : [[known(name, field), value] as const];
      }),
    ),
  };
}

function known(name: string, field: string): string {
  if (CONVERSATION_FIELDS.some((one) => one === field)) return field;
  if (field.startsWith('Attributes.'))
    throw new UsageError(
      `${quote(name)} is a path into Conversation.Attributes; write Conversation.Attributes as JSON`,
    );
  const hint =
    didYouMean(name, CONVERSATION_CONDITIONS) || `; it has ${oneOf(CONVERSATION_CONDITIONS, 'and')}`;
  throw new UsageError(`${quote(name)} is not a field of a conversation${hint}`);
}

/** Validates `given.conversation` of a case. Attributes may be an object, of which a conversation has the JSON. */
export function validateConversation(
  value: unknown,
  path: string,
  validator: Validator,
): Partial<ConversationFields> | undefined {
  const entry = validator.keys(value, path, {
    optional: ['attributes', 'friendlyName', 'uniqueName', 'state'],
  });
  if (!entry) return undefined;
  const { attributes, friendlyName, uniqueName, state } = entry;
  const text = (item: unknown, key: string) => validator.string(item, pathTo(path, key)) ?? '';
  const json = typeof attributes === 'string' ? attributes : JSON.stringify(attributes ?? {});
  const issue = jsonIssue('Conversation.Attributes', json);
  if (issue) validator.issue(pathTo(path, 'attributes'), issue);
  return {
    ...(attributes !== undefined && { Attributes: json }),
    ...(friendlyName !== undefined && { FriendlyName: text(friendlyName, 'friendlyName') }),
    ...(uniqueName !== undefined && { UniqueName: text(uniqueName, 'uniqueName') }),
    ...(state !== undefined && {
      State: validator.choice(state, pathTo(path, 'state'), STATES, 'state') ?? '',
    }),
  };
}
