import { isRouter, routerDefinition, routerHost } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';

const spec = {
  site: { domainName: 'bots-1234.twil.io', local: false },
  formerDomains: ['old-1.twil.io'],
  filters: ['onMessageAdded'],
} as const;
const attached = (url: string) =>
  new FakeConversation().plant({ target: 'webhook', url, method: 'post', filters: spec.filters });

test.each([
  ['https://bots-1234.twil.io/events/conversation?Profile=x', true],
  ['https://bots-1234.twil.io/events/conversation?Since=1&Profile=', true],
  ['https://old-1.twil.io/events/conversation?Profile=x', true],
  ['https://bots-1234.twil.io/events/conversation', false],
  ['https://bots-1234.twil.io/events/conversation?Since=1&Replay=1', false],
  ['https://bots-1234.twil.io/events/conversation?profile=x', false],
  ['https://bots-1234.twil.io/my-function?Profile=x', false],
  ['https://bots-1234.twil.io/my/events/conversation?Profile=x', false],
  ['https://bots-1234.twil.io/events/conversation/x?Profile=x', false],
  ['https://bots-1234.twil.io/?path=/events/conversation&Profile=x', false],
  ['https://theirs.example/events/conversation?Profile=x', false],
  ['not a URL', false],
])('%s is a router: %s', (url, expected) => {
  expect(isRouter(attached(url), spec)).toBe(expected);
});

test('a trigger at the address of the router is not a router', () => {
  const { configuration, ...webhook } = attached('https://bots-1234.twil.io/events/conversation?Profile=x');
  expect(isRouter({ ...webhook, configuration, target: 'trigger' }, spec)).toBe(false);
});

test('reports the host of a router of any deployment, and of routers alone', () => {
  expect(routerHost(attached('https://theirs.example/events/conversation?Profile=x'))).toBe('theirs.example');
  expect(routerHost(attached('https://theirs.example/events/conversation'))).toBeUndefined();
  expect(routerHost(attached('https://theirs.example/my-function?Profile=x'))).toBeUndefined();
});

test('recognizes its own definition as a router', () => {
  const state = { Profile: 'a b&c', Since: 1, Replay: 2, At: 3 };
  const { serviceSid: _, ...plain } = { ...spec, serviceSid: undefined };
  for (const at of [plain, { ...spec, serviceSid: `IS${'a'.repeat(32)}` }])
    expect(isRouter(new FakeConversation().plant(routerDefinition(state, at)), spec)).toBe(true);
});
