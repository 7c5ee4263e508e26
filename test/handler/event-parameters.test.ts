import { DOCUMENTED_FIELDS } from '../../src/events/documented-fields';
import { splitEvent } from '../../src/handler/event-parameters';
import { PARAMETERS, type ParameterName, spellingsOf } from '../../src/handler/parameters';

const NAMES = Object.keys(PARAMETERS) as ParameterName[];
const sid = `CH${'1'.repeat(32)}`;

test('takes the conversation from the event, the rest from the query, and drops other fields', () => {
  const event = {
    EventType: 'onConversationAdded',
    ConversationSid: sid,
    ChatServiceSid: `IS${'1'.repeat(32)}`,
    Attributes: '{}',
    RetryCount: '0',
    request: { headers: {}, cookies: {} },
    conversationSid: 'other',
    ServiceSid: `IS${'2'.repeat(32)}`,
    Target: 'studio',
    'Configuration.FlowSid': 'FW',
  };
  expect(splitEvent(event, NAMES)).toEqual({
    EventType: 'onConversationAdded',
    parameters: {
      ConversationSid: sid,
      ChatServiceSid: `IS${'1'.repeat(32)}`,
      Target: 'studio',
      'Configuration.FlowSid': 'FW',
    },
  });
});

test.each([{}, { EventType: '' }, { EventType: ['onConversationAdded'] }])(
  'finds no event in %j',
  (event) => {
    expect(splitEvent({ ...event, ConversationSid: sid }, NAMES)).toBeUndefined();
  },
);

test('has no parameter, but for the conversation and its service, that is a field of the event', () => {
  const fields: readonly string[] = DOCUMENTED_FIELDS.onConversationAdded;
  const both = NAMES.flatMap(spellingsOf).filter((spelling) => fields.includes(spelling));
  expect(both).toEqual(['ConversationSid', 'ChatServiceSid']);
});
