import fc from 'fast-check';
import type { DesiredState } from '../../src/sync/desired-state';
import { adoptedState, decidedState, isReplayOwed, isUnfinished } from '../../src/sync/next-state';
import { takeSnapshot } from '../../src/sync/snapshot';
import { type RouterState, routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { desired, desiredWith, foreign, routerState } from '../support/desired-state';
import { hashOfIdentity } from '../support/oracle';

const NOW = new FakeConversation().now;
const hashes = (...names: string[]) => names.map((name) => hashOfIdentity(desired.webhooks[name]!));
const ALL = ['bot', 'crm', 'sos', 'monitor', 'survey', 'audit'];

interface Attached {
  /** Undefined: no router. */
  readonly state?: Partial<RouterState> & Pick<RouterState, 'Profile'>;
  readonly names?: readonly string[];
  readonly writtenAt?: number;
  readonly policy?: DesiredState;
}

function snapshotOf({ state, names = [], writtenAt = NOW - 600, policy = desired }: Attached) {
  const conversation = new FakeConversation();
  if (state)
    conversation.plant(
      routerDefinition(routerState(state.Profile, { At: NOW - 600, ...state }), desired.router),
      writtenAt,
    );
  for (const name of names) conversation.plant(desired.webhooks[name] ?? foreign(1));
  return takeSnapshot({ webhooks: conversation.webhooks, date: NOW, requestedAt: 0, takenAt: 0 }, policy);
}
const decision = (profile: string, replay: number, key = 'event') => ({
  key,
  profile,
  replay,
  routerReplay: 0,
});

describe('a profile', () => {
  test('is unfinished while one of its webhooks is missing, whatever today’s policy says', () => {
    expect(isUnfinished(snapshotOf({ state: { Profile: 'both' }, names: ['bot', 'sos'] }))).toBe(false);
    expect(isUnfinished(snapshotOf({ state: { Profile: 'both' }, names: ['bot'] }))).toBe(true);
    const today = desiredWith({ policyHash: 'today', profiles: { ...desired.profiles, both: ['crm'] } });
    expect(
      isUnfinished(snapshotOf({ state: { Profile: 'both' }, names: ['bot', 'sos'], policy: today })),
    ).toBe(false);
    expect(isUnfinished(snapshotOf({ state: { Profile: 'both' }, names: ['crm'], policy: today }))).toBe(
      true,
    );
  });

  test('is judged by today’s webhooks if the URL does not say which it has', () => {
    const url = 'https://bots-1234.twil.io/events/conversation?Profile=robot';
    for (const [name, unfinished] of [
      ['bot', false],
      ['crm', true],
    ] as const) {
      const conversation = new FakeConversation();
      conversation.plant({ target: 'webhook', url, method: 'post', filters: ['onMessageAdded'] });
      conversation.plant(desired.webhooks[name]!);
      const list = { webhooks: conversation.webhooks, date: NOW, requestedAt: 0, takenAt: 0 };
      expect(isUnfinished(takeSnapshot(list, desired))).toBe(unfinished);
    }
  });

  test.each([
    [0, undefined, true],
    [119, undefined, true],
    [119, 500, true],
    [120, undefined, false],
    [120, 12, true],
    [120, 13, false],
    [86_400, 2, true],
  ])(
    'owes its replay from message 3, %i seconds after the decision and at message %s: %s',
    (age, newest, owed) => {
      const snapshot = snapshotOf({ state: { Profile: 'agent', Replay: 3, At: NOW - age } });
      expect(isReplayOwed(snapshot, newest)).toBe(owed);
    },
  );

  test('owes nothing by a time of decision that is far ahead', () => {
    const snapshot = snapshotOf({ state: { Profile: 'agent', Replay: 3, At: NOW + 3_600 } });
    expect(isReplayOwed(snapshot, 50)).toBe(false);
    expect(isReplayOwed(snapshot, 5)).toBe(true);
  });

  test('owes nothing without a router', () => {
    expect(isReplayOwed(snapshotOf({}), 0)).toBe(false);
  });
});

describe('a decision', () => {
  test('writes its time, its key and the webhooks of today’s policy', () => {
    const snapshot = snapshotOf({
      state: { Profile: 'bot', Done: ['aaaaa'], ServiceSid: 'IS1' },
      names: ['bot'],
    });
    expect(decidedState(snapshot, decision('agent', 7), desired, undefined)).toEqual({
      Profile: 'agent',
      Replay: 7,
      At: NOW,
      Done: ['aaaaa', 'event'],
      Own: { want: hashes('crm'), rest: expect.any(Array) },
      Policy: 'policy',
      ServiceSid: 'IS1',
    });
  });

  test.each([
    ['unfinished and owed', [], NOW - 60, 7, 2, 2],
    ['unfinished and owed, but later', [], NOW - 60, 1, 2, 1],
    ['unfinished, owed no longer', [], NOW - 600, 7, 2, 7],
    ['finished', ['bot'], NOW - 60, 7, 2, 7],
  ])(
    'replays from the lower index if the current profile is %s',
    (_, names, At, replay, Replay, expected) => {
      const snapshot = snapshotOf({ state: { Profile: 'bot', Replay, At }, names });
      expect(decidedState(snapshot, decision('agent', replay), desired, undefined).Replay).toBe(expected);
    },
  );

  test('remembers six decisions at most, each once, the newest last', () => {
    const keys = fc.stringMatching(/^[\w-]{5}$/);
    fc.assert(
      fc.property(fc.uniqueArray(keys, { maxLength: 6 }), keys, (Done, key) => {
        const snapshot = snapshotOf({ state: { Profile: 'bot', Done } });
        const written = decidedState(snapshot, decision('agent', 0, key), desired, 0).Done;
        expect(written).toEqual([...Done.filter((done) => done !== key), key].slice(-6));
        expect(written.length).toBeLessThanOrEqual(6);
        expect(new Set(written).size).toBe(written.length);
      }),
    );
  });
});

describe('a takeover by another policy', () => {
  const today = desiredWith({ policyHash: 'today1' });
  test('keeps the decision, under the profile’s name of today', () => {
    const snapshot = snapshotOf({
      state: { Profile: 'robot', Own: routerState('bot').Own, At: NOW - 5, Done: ['aaaaa'] },
      names: ['bot'],
    });
    expect(adoptedState(snapshot, 'bot', today, { newest: 8, added: undefined })).toMatchObject({
      Profile: 'bot',
      At: NOW - 5,
      Done: ['aaaaa'],
      Replay: 9,
      Policy: 'today1',
      Adopted: NOW,
    });
  });

  test.each<[string, readonly string[], number, number, number | undefined, number]>([
    ['finished, by a message', ['bot'], 60, 8, 8, 9],
    ['finished, by a sync', ['bot'], 60, 8, undefined, 9],
    ['finished, of an empty conversation', ['bot'], 60, -1, undefined, 0],
    ['unfinished and owed', [], 60, 40, 40, 2],
    ['unfinished and owed for messages', [], 600, 11, undefined, 2],
    ['unfinished and owed no longer, by a message', [], 600, 12, 12, 12],
    ['unfinished and owed no longer, by a sync', [], 600, 12, undefined, 13],
  ])('of a profile that is %s', (_, names, age, newest, added, Replay) => {
    const snapshot = snapshotOf({ state: { Profile: 'bot', Replay: 2, At: NOW - age }, names });
    expect(adoptedState(snapshot, 'bot', today, { newest, added }).Replay).toBe(Replay);
  });
});

describe('Own', () => {
  const own = (attached: Attached, profile = 'agent', policy = desired) =>
    decidedState(snapshotOf({ ...attached, policy }), decision(profile, 0), policy, 0).Own;

  test('has the webhooks of the profile, and all others of the policy apart', () => {
    expect(own({})).toEqual({
      want: hashes('crm'),
      rest: hashes(...ALL.filter((name) => name !== 'crm')),
    });
    expect(own({}, 'closed')).toEqual({ want: [], rest: hashes(...ALL) });
  });

  test('has what is attached of a former policy, and never what is foreign', () => {
    const { crm: _, ...webhooks } = desired.webhooks;
    const without: DesiredState = desiredWith({ webhooks, profiles: { bot: ['bot'] } });
    const { want, rest } = own(
      { state: { Profile: 'agent', Policy: 'older1' }, names: ['crm', 'foreign'] },
      'bot',
      without,
    );
    expect(want).toEqual(hashes('bot'));
    expect([...rest].sort()).toEqual(hashes('crm', 'sos', 'monitor', 'survey', 'audit').sort());
  });

  test.each([
    ['another policy wrote the router, however long ago', 'older1', 86_400, true],
    ['today’s policy wrote the router an hour ago', 'policy', 3_600, true],
    ['today’s policy wrote the router over an hour ago', 'policy', 3_601, false],
  ])('keeps what is not attached if %s', (_, Policy, age, kept) => {
    const former = 'Old_1';
    const state = { Profile: 'bot', Policy, Own: { want: hashes('bot'), rest: [former] } };
    expect(own({ state, writtenAt: NOW - age }).rest.includes(former)).toBe(kept);
  });

  test('keeps what is attached, however long ago the router was written, and forgets the rest', () => {
    const old = hashOfIdentity(foreign(1));
    const Own = { want: hashes('bot'), rest: [old, 'Old_1'] };
    const { want, rest } = own({
      state: { Profile: 'bot', Own },
      names: ['bot', 'foreign'],
      writtenAt: NOW - 86_400,
    });
    expect(want).toEqual(hashes('crm'));
    expect([...rest].sort()).toEqual([...hashes('bot', 'sos', 'monitor', 'survey', 'audit'), old].sort());
  });

  test('keeps what is not attached if nobody knows when the router was written', () => {
    const state = { Profile: 'bot', Own: { want: [], rest: ['Old_1'] } };
    const { webhooks, ...snapshot } = snapshotOf({ state, writtenAt: NOW - 86_400 });
    const router = { ...webhooks[0]!, date_updated: null as unknown as string };
    const unknown = { ...snapshot, router, webhooks: [router] };
    expect(decidedState(unknown, decision('agent', 0), desired, 0).Own.rest).toContain('Old_1');
  });

  test('has each webhook once', () => {
    fc.assert(
      fc.property(
        fc.subarray(ALL, { maxLength: 4 }),
        fc.constantFrom(...Object.keys(desired.profiles)),
        fc.constantFrom(...Object.keys(desired.profiles)),
        (names, from, to) => {
          const { want, rest } = own({ state: { Profile: from }, names }, to);
          expect([...want, ...rest].sort()).toEqual(hashes(...ALL).sort());
        },
      ),
    );
  });
});
