import fc from 'fast-check';
import {
  isRouter,
  type OwnWebhooks,
  parseRouter,
  parseState,
  type RouterState,
  routerDefinition,
  routerHost,
  routerUrl,
} from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';

const site = { domainName: 'bots-1234.twil.io', local: false };
const spec = { site, formerDomains: ['old-1.twil.io'], filters: ['onMessageAdded'] } as const;
const SERVICE = `IS${'a'.repeat(32)}`;
const attached = (url: string) =>
  new FakeConversation().plant({ target: 'webhook', url, method: 'post', filters: spec.filters });
const state: RouterState = {
  Profile: 'agent',
  Replay: 11,
  At: 1_790_000_000,
  Done: ['a1B2c', 'd3E4f'],
  Own: { want: ['Kx81p'], rest: ['9mQ2z', 'Tt0aB'] },
  Policy: 'f3Gh5k',
};
const empty: RouterState = {
  Profile: 'closed',
  Replay: 0,
  At: 0,
  Done: [],
  Own: { want: [], rest: [] },
  Policy: 'f3Gh5k',
};

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
  const webhook = attached('https://bots-1234.twil.io/events/conversation?Profile=x');
  expect(isRouter({ ...webhook, target: 'trigger' }, spec)).toBe(false);
});

test('reports the host of a router of any deployment, and of routers alone', () => {
  expect(routerHost(attached('https://theirs.example/events/conversation?Profile=x'))).toBe('theirs.example');
  expect(routerHost(attached('https://theirs.example/events/conversation'))).toBeUndefined();
  expect(routerHost(attached('https://theirs.example/my-function?Profile=x'))).toBeUndefined();
});

test('recognizes its own definition as a router', () => {
  for (const serviceSid of [undefined, SERVICE])
    expect(
      isRouter(
        new FakeConversation().plant(
          routerDefinition({ ...state, Profile: 'a b&c' }, { ...spec, serviceSid }),
        ),
        spec,
      ),
    ).toBe(true);
});

test('writes the state in this order, under these names', () => {
  expect(routerUrl(state, { site, serviceSid: SERVICE })).toBe(
    'https://bots-1234.twil.io/events/conversation?Profile=agent&Replay=11&At=1790000000&Done=a1B2cd3E4f' +
      `&Own=Kx81p.9mQ2zTt0aB&Policy=f3Gh5k&ServiceSid=${SERVICE}`,
  );
  expect(routerUrl(empty, { site })).toBe(
    'https://bots-1234.twil.io/events/conversation?Profile=closed&Replay=0&At=0&Done=&Own=.&Policy=f3Gh5k',
  );
});

test('prefers the service of this call to that of the state', () => {
  const other = `IS${'b'.repeat(32)}`;
  expect(routerUrl({ ...state, ServiceSid: other }, { site })).toContain(`ServiceSid=${other}`);
  expect(routerUrl({ ...state, ServiceSid: other }, { site, serviceSid: SERVICE })).toContain(
    `ServiceSid=${SERVICE}`,
  );
});

test('defines a router by its URL, its method and its filters', () => {
  expect(routerDefinition(state, spec)).toEqual({
    target: 'webhook',
    url: routerUrl(state, spec),
    method: 'post',
    filters: ['onMessageAdded'],
  });
});

const hash = fc.stringMatching(/^[\w-]{5}$/);
const ownWebhooks = (maxLength: number): fc.Arbitrary<OwnWebhooks> =>
  fc
    .uniqueArray(hash, { maxLength, size: 'max' })
    .chain((all) =>
      fc.nat(Math.min(4, all.length)).map((n) => ({ want: all.slice(0, n), rest: all.slice(n) })),
    );
const states = (maxOwn: number): fc.Arbitrary<RouterState> =>
  fc.record({
    Profile: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/),
    Replay: fc.nat(2 ** 31 - 1),
    At: fc.nat(9_999_999_999),
    Done: fc.uniqueArray(hash, { maxLength: 6 }),
    Own: ownWebhooks(maxOwn),
    Policy: fc.stringMatching(/^[\w-]{6}$/),
    Adopted: fc.option(fc.nat(9_999_999_999), { nil: undefined }),
    ServiceSid: fc.option(fc.constant(SERVICE), { nil: undefined }),
  });

test('reads what it wrote, the empty parts, too', () => {
  expect(parseRouter(attached(routerUrl(empty, { site })))).toEqual({
    ...empty,
    ServiceSid: undefined,
    complete: true,
  });
  fc.assert(
    fc.property(states(20), (written) => {
      const url = routerUrl(written, { site });
      expect(parseRouter(attached(url))).toEqual({ ...written, complete: true });
    }),
  );
});

test('is never longer than 512 characters: webhooks that are not attached leave it first', () => {
  const domain = fc.stringMatching(/^[a-z]{10,60}-[0-9]{4}-[a-z]{1,16}$/);
  fc.assert(
    fc.property(states(200), domain, fc.infiniteStream(fc.nat(199)), (written, name, picks) => {
      const { rest } = written.Own;
      const present = rest.length === 0 ? [] : [...picks.take(5)].map((n) => rest[n % rest.length]!);
      const long = { domainName: `${name}.twil.io`, local: false };
      const url = routerUrl(written, { site: long }, present);
      expect(url.length).toBeLessThanOrEqual(512);
      const read = parseRouter(attached(url)).Own!;
      expect(read.want).toEqual(written.Own.want);
      expect(read.rest).toEqual(rest.filter((one) => read.rest.includes(one)));
      expect(read.rest).toEqual(expect.arrayContaining(present));
      // Nothing leaves that there is room for.
      if (read.rest.length < rest.length) expect(url.length).toBeGreaterThan(512 - 5);
    }),
  );
});

test('is longer only if the webhooks of the profile alone need more', () => {
  const want = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(5, '0'));
  const url = routerUrl({ ...state, Own: { want, rest: ['9mQ2z', 'Tt0aB'] } }, { site }, ['Tt0aB']);
  expect(parseRouter(attached(url)).Own).toEqual({ want, rest: ['Tt0aB'] });
});

test.each([
  [
    'Profile=bot&Since=3&Replay=2&At=5',
    { Profile: 'bot', Replay: 2, At: 5, Done: [], Own: undefined },
    false,
  ],
  ['Profile=bot', { Profile: 'bot', Replay: 0, At: 0, Done: [], Policy: '' }, false],
  ['Profile=bot&Replay=0&At=0&Done=&Own=.', { Own: { want: [], rest: [] }, Policy: '' }, true],
  ['Replay=2&At=5', { Profile: '', Replay: 2, At: 5 }, false],
  ['Profile=bot&Replay=-1&At=0&Done=&Own=.', { Replay: 0 }, false],
  ['Profile=bot&Replay=2x&At=0&Done=&Own=.', { Replay: 0 }, false],
  ['Profile=bot&Replay=0&At=soon&Done=&Own=.', { At: 0 }, false],
  ['Profile=bot&Replay=0&At=0&Done=abcd&Own=.', { Done: [] }, false],
  ['Profile=bot&Replay=0&At=0&Done=ab/cd&Own=.', { Done: [] }, false],
  ['Profile=bot&Replay=0&At=0&Done=&Own=', { Own: undefined }, false],
  ['Profile=bot&Replay=0&At=0&Done=&Own=abcde', { Own: undefined }, false],
  ['Profile=bot&Replay=0&At=0&Done=&Own=abcd.', { Own: undefined }, false],
  ['Profile=bot&Replay=0&At=0&Done=&Own=abcdefghij.', { Own: { want: ['abcde', 'fghij'], rest: [] } }, true],
  ['Profile=bot&Replay=0&At=0&Done=&Own=.abcde&ServiceSid=', { ServiceSid: undefined }, true],
])('reads %s, complete or not', (query, expected, complete) => {
  const read = parseState(Object.fromEntries(new URLSearchParams(query)));
  expect(read).toMatchObject({ ...expected, complete });
});
