import { filterIssue, isEventName, isScopedEvent, SCOPED_EVENTS } from '../../src/events/scoped-events';

test.each<[name: string, issue: unknown]>([
  // Names in Twilio's own examples.
  ['onMessageSent', '"onMessageSent" is not an event; did you mean "onMessageAdded"?'],
  [
    'onConversationDestroyed',
    '"onConversationDestroyed" is not an event; did you mean "onConversationRemoved"?',
  ],
  ...[
    ['onMessageAdd', 'onMessageAdded'],
    ['onMessageUpdate', 'onMessageUpdated'],
    ['onMessageRemove', 'onMessageRemoved'],
  ].map(([pre, post]): [string, string] => [
    `${pre}`,
    `"${pre}" is a pre-event, which scoped webhooks do not receive; did you mean "${post}"?`,
  ]),
  ...[
    ['onConversationAdded', 'onConversationAdded'],
    ['onConversationAdd', 'onConversationAdded'],
    ['onUserUpdate', 'onUserUpdated'],
  ].map(([name, post]): [string, string] => [
    `${name}`,
    `"${name}" is never sent to a scoped webhook; use ${post} on the service's or account's webhook`,
  ]),
  ['onmessageadded', '"onmessageadded" is not an event of scoped webhooks; did you mean "onMessageAdded"?'],
  [
    'x',
    `"x" is not an event of scoped webhooks; send ${new Intl.ListFormat('en', { type: 'disjunction' }).format(SCOPED_EVENTS).replace(', or ', ' or ')}`,
  ],
  [
    'constructor',
    expect.stringMatching(/^"constructor" is not an event of scoped webhooks; send onMessageAdded, /),
  ],
])('says what to send instead of %s', (name, issue) => {
  expect(filterIssue(name)).toEqual(issue);
  expect(isScopedEvent(name)).toBe(false);
});

test.each([
  ['onMessageAdded', true],
  ['onUserAdded', true],
  ['onMessageSent', true],
  ['onConversationDestroyed', true],
  ['onMessageRemove', true],
  ['onMessageAdd', true],
  ['onParticipantUpdate', true],
  ['onMessageAdde', false],
  ['onDelivery', false],
  ['onMessageUpdat', false],
  ['constructor', false],
  ['x', false],
  ['', false],
])('knows whether %s is or was an event: %s', (name, expected) => {
  expect(isEventName(name)).toBe(expected);
});
