import { decide } from '../../src/sync/decide';
import type { EventTrigger, NumberedRule, RequestedProfile } from '../../src/sync/trigger';
import type { StoredState } from '../../src/webhooks/router';
import { desired, routerState } from '../support/desired-state';

const stateOf = (Profile: string, Done: readonly string[] = []): StoredState => ({
  ...routerState(Profile, { Done }),
  complete: true,
});
const rule = (profile: string, more: Partial<NumberedRule> = {}): NumberedRule => ({
  on: 'onMessageAdded',
  profile,
  replay: 'next',
  index: 0,
  ...more,
});
const event = (rules: readonly NumberedRule[], more: Partial<EventTrigger> = {}): EventTrigger => ({
  kind: 'event',
  key: 'event',
  rules,
  needsNewest: false,
  repairs: false,
  ...more,
});
const request = (profile: string, replayAfter?: RequestedProfile['replayAfter']): RequestedProfile => ({
  kind: 'request',
  key: 'reqst',
  profile,
  replayAfter,
});

test('the first rule whose `from` has the current profile decides', () => {
  const rules = [
    rule('closed', { from: ['agent'], index: 1 }),
    rule('both', { from: ['bot'], index: 4 }),
    rule('full', { index: 5 }),
  ];
  expect(decide(event(rules), stateOf('bot'), desired, 8)).toMatchObject({ profile: 'both', rule: 4 });
  expect(decide(event(rules), stateOf('other'), desired, 8)).toMatchObject({ profile: 'full', rule: 5 });
});

test('the first rule decides nothing if it leads to the current profile, and no later one does', () => {
  const rules = [rule('bot'), rule('agent')];
  expect(decide(event(rules), stateOf('bot'), desired, 8)).toEqual({ why: 'already in profile bot' });
});

test('a former name of the current profile counts as its name today', () => {
  const rules = [rule('agent', { from: ['bot'] })];
  expect(decide(event(rules), stateOf('robot'), desired, 8)).toMatchObject({ profile: 'agent' });
  expect(decide(event([rule('bot')]), stateOf('robot'), desired, 8)).toEqual({
    why: 'already in profile bot',
  });
  expect(decide(request('bot'), stateOf('robot'), desired, 8)).toEqual({ why: 'already in profile bot' });
});

test('rules without `from` apply in a profile that the policy does not know', () => {
  expect(decide(event([rule('agent', { from: ['bot'] })]), stateOf('vip'), desired, 8)).toEqual({
    why: 'no rule matches in profile vip',
  });
  expect(decide(event([rule('agent')]), stateOf('vip'), desired, 8)).toMatchObject({ profile: 'agent' });
});

test('without a router only rules on new conversations decide, and with one only others', () => {
  const added = rule('bot', { on: 'onConversationAdded', replay: 'start' });
  const both = event([rule('agent'), added]);
  expect(decide(both, undefined, desired, undefined)).toEqual({
    key: 'event',
    profile: 'bot',
    replay: 0,
    routerReplay: 0,
    rule: 0,
  });
  expect(decide(both, stateOf('closed'), desired, 8)).toMatchObject({ profile: 'agent' });
  expect(decide(event([rule('agent')]), undefined, desired, 8)).toEqual({
    why: 'no rule matches in an unmanaged conversation',
  });
});

test.each<[NumberedRule['replay'], Partial<EventTrigger>, number | undefined, number | undefined]>([
  ['start', { added: 5, about: 5 }, undefined, 0],
  ['this', { added: 5, about: 5 }, undefined, 5],
  ['next', { added: 5, about: 5 }, undefined, 6],
  // An old message, edited: it says nothing about the newest.
  ['this', { about: 5 }, 8, 5],
  ['next', { about: 5 }, 8, 9],
  ['next', {}, 8, 9],
  ['next', {}, -1, 0],
  ['next', {}, undefined, undefined],
])(
  'a rule with replay %s, by %j and the newest message %s, replays from %s',
  (replay, fields, newest, from) => {
    expect(decide(event([rule('agent', { replay })], fields), stateOf('bot'), desired, newest)).toMatchObject(
      {
        replay: from,
      },
    );
  },
);

test.each<[RequestedProfile['replayAfter'], number | undefined, number | undefined]>([
  [undefined, 8, 9],
  [undefined, undefined, undefined],
  ['next', -1, 0],
  ['next', 0, 1],
  ['latest', 0, 0],
  ['latest', 8, 8],
  ['latest', -1, 0],
  ['latest', undefined, undefined],
  ['start', undefined, 0],
  [3, undefined, 3],
])('a request with ReplayAfter %s and the newest message %s replays from %s', (replayAfter, newest, from) => {
  expect(decide(request('agent', replayAfter), stateOf('bot'), desired, newest)).toMatchObject({
    key: 'reqst',
    profile: 'agent',
    replay: from,
  });
});

test.each([
  [8, 9],
  [-1, 0],
  [undefined, undefined],
])('a request replays to a new router from after the newest message %s: %s', (newest, routerReplay) => {
  expect(decide(request('agent', 3), undefined, desired, newest)).toMatchObject({ replay: 3, routerReplay });
});

test('a key decides once', () => {
  const done = stateOf('bot', ['reqst', 'event']);
  expect(decide(event([rule('agent')]), done, desired, 8)).toEqual({ why: 'decided before' });
  expect(decide(request('agent'), done, desired, 8)).toEqual({ why: 'decided before' });
});

test('an event without a rule, and a repair, decide nothing', () => {
  expect(decide(event([]), stateOf('bot'), desired, 8)).toEqual({ why: 'no rule matches' });
  expect(decide({ kind: 'repair' }, stateOf('bot'), desired, 8)).toEqual({ why: 'no profile requested' });
});

test('a request for the current profile says that its ReplayAfter has no effect', () => {
  expect(decide(request('bot', 0), stateOf('bot'), desired, 8)).toEqual({
    why: 'already in profile bot; ReplayAfter has no effect',
  });
});
