import fc from 'fast-check';
import { parseHost } from '../../src/lib/host';
import { comparableUrl, isOwnUrl, ownUrl, validateUrl, withoutQuery } from '../../src/lib/url';

const deployed = { domainName: 'bots-1234.twil.io', local: false };
const local = { domainName: 'localhost:3000', local: true };

test.each([
  ['https://crm.example/in?key=1', deployed, 'https://crm.example/in?key=1'],
  ['HTTPS://crm.example/in', deployed, 'HTTPS://crm.example/in'],
  ['https://CRM.example:443/in#rc=3', deployed, 'https://CRM.example:443/in#rc=3'],
  ['https://CRM.example/in', deployed, 'https://CRM.example/in'],
  ['https://crm.example.:8443', deployed, 'https://crm.example.:8443'],
  ['https://crm.example/@me?to=a@b', deployed, 'https://crm.example/@me?to=a@b'],
  ['https://crm。example:443/in?ü=。#x', deployed, 'https://crm.example/in?ü=。#x'],
  ['https://crm%2eexample/in%2e', deployed, 'https://crm.example/in%2e'],
  ['https://CRM%2eexample:8443', deployed, 'https://crm.example:8443'],
  ['https://MÜNCHEN.example/in', deployed, 'https://xn--mnchen-3ya.example/in'],
  ['https://ｃｒｍ.example', deployed, 'https://crm.example'],
  ['https://\u212Arm.example/in', deployed, 'https://krm.example/in'],
  ['https://crm\u00adx.example/in', deployed, 'https://crmx.example/in'],
  ['https://0x7f.1/in', deployed, 'https://127.0.0.1/in'],
  ['https://crm.example:08443/in', deployed, 'https://crm.example:8443/in'],
  ['https://crm.example:/in', deployed, 'https://crm.example/in'],
  ['http://[0:0::1]:4010/in', local, 'http://[::1]:4010/in'],
  ['/events?x=1', deployed, 'https://bots-1234.twil.io/events?x=1'],
  ['/events', local, 'http://localhost:3000/events'],
  ['http://127.0.0.1:4010/in', local, 'http://127.0.0.1:4010/in'],
  ['http://127.0.0.1:80/in', local, 'http://127.0.0.1:80/in'],
  ['http://[::1]:4010/in', local, 'http://[::1]:4010/in'],
  [`https://crm.example/${'x'.repeat(492)}`, deployed, `https://crm.example/${'x'.repeat(492)}`],
])('accepts %s', (given, site, url) => {
  expect(validateUrl(given, site)).toBe(url);
});

test.each([
  [`https://crm.example/${'x'.repeat(493)}`, deployed, 50372, 'has 513 characters'],
  [`/${'x'.repeat(490)}`, deployed, 50372, 'at most 512'],
  ['http://crm.example/in', deployed, 50054, 'must use https'],
  ['http://crm.example/in', local, 50054, 'must use https'],
  ['http://127.0.0.1.evil.example/in', local, 50054, 'must use https'],
  ['http://localhost:3000/in', deployed, 50054, 'which Twilio cannot reach'],
  ['//crm.example/in', deployed, 50054, 'is not valid; send an https URL'],
  ['crm.example/in', deployed, 50054, 'or a path such as'],
  ['https:///crm.example/in', deployed, 50054, 'is not valid; send an https URL'],
  [`https://ü.example/${'x'.repeat(490)}`, deployed, 50372, 'has 514 characters'],
  ['https:crm.example', deployed, 50054, 'is not valid; send an https URL'],
  ['https://', deployed, 50054, 'is not valid; send an https URL'],
  ['ftp://crm.example', deployed, 50054, 'is not valid; send an https URL'],
  ['xhttps://crm.example', deployed, 50054, 'is not valid; send an https URL'],
  ['javascript:alert(1)', deployed, 50054, 'is not valid; send an https URL'],
  [' https://crm.example', deployed, 50054, 'is not valid; send an https URL'],
  ['https://crm.example/a\nb', deployed, 50054, 'is not valid; send an https URL'],
  ['https://crm.example\\@evil.example', deployed, 50054, 'is not valid; send an https URL'],
])('rejects %s', (given, site, code, sentence) => {
  expect(() => validateUrl(given, site)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(sentence) }),
  );
});

test.each([
  ['https://crm.example/', 'https://crm.example/'],
  ['/', 'https://bots-1234.twil.io/'],
])('accepts %s… with 512 characters and rejects it with 513', (sent, url) => {
  const path = 'x'.repeat(512 - url.length);
  expect(validateUrl(`${sent}${path}`, deployed)).toBe(`${url}${path}`);
  expect(() => validateUrl(`${sent}${path}x`, deployed)).toThrow(
    expect.objectContaining({ code: 50372, status: 400 }),
  );
});

test.each([
  [
    'crm.example/in?key=1',
    'Url "crm.example/in" is not valid; send an https URL or a path such as /my-function',
  ],
  // Before an @ there may be a password.
  ['me@crm.example', 'Url is not valid; send an https URL or a path such as /my-function'],
])('says what to send instead of %s', (given, message) => {
  expect(() => validateUrl(given, deployed)).toThrow(new Error(message));
});

test.each([
  ['https://bots-1234.twil.io/events', true],
  ['https://BOTS-1234.twil.io', true],
  ['https://bots-1234.twil.io:8443/', false],
  ['https://crm.example/bots-1234.twil.io', false],
  ['/events', false],
  ['not a URL', false],
])('knows whether %s is on its own host: %s', (url, isOwn) => {
  expect(isOwnUrl(url, deployed)).toBe(isOwn);
});

test('never shows the query of a URL in an error', () => {
  expect(() => validateUrl('ftp://crm.example/in?key=hunter2', deployed)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  );
});

test.each([
  'https://user:hunter2@crm.example/in',
  'https://hunter2@crm.example/in',
  'https://:hunter2@crm.example/in',
  'https://@crm.example/in?hunter2',
  'https://crm.example:hunter2@evil.example/in',
  'https://a%40hunter2@crm.example',
  'https://a@hunter2@crm.example',
  'http://user:hunter2@crm.example/in',
  'ftp://user:hunter2@crm.example/in',
  'ftp://user:hunter2?@crm.example/in',
  'https:user:hunter2@crm.example/in',
  'https:///user:hunter2@crm.example/in',
  'https://user:hunter2@crm example/in',
  'https://user:hunter2@/in',
  'user:hunter2@crm.example/in',
  '//user:hunter2@crm.example/in',
])('rejects a user name or password without showing it: %s', (url) => {
  for (const site of [deployed, { ...deployed, allowlist: 'crm.example' }])
    expect(() => validateUrl(url, site)).toThrow(
      expect.objectContaining({ code: 50054, status: 400, message: expect.not.stringContaining('hunter2') }),
    );
});

test('returns only https URLs with a host and at most 512 characters, whatever is sent', () => {
  const anything = fc.oneof(
    fc.string(),
    // Not fc.webUrl(), which lists all of Unicode first.
    fc
      .tuple(fc.constantFrom('http', 'https'), fc.webAuthority(), fc.string())
      .map(([scheme, authority, rest]) => `${scheme}://${authority}/${rest}`),
    fc.string().map((path) => `/${path}`),
    fc.string().map((rest) => `https://${rest}`),
    fc.string({ unit: 'grapheme' }).map((host) => `https://${host}.example/`),
  );
  fc.assert(
    fc.property(anything, (given) => {
      let url: string;
      try {
        url = validateUrl(given, deployed);
      } catch (error) {
        expect(error).toMatchObject({ status: 400 });
        return;
      }
      const { protocol, host, username, password } = new URL(url);
      expect([protocol, username, password]).toEqual(['https:', '', '']);
      // Whoever reads it finds the host that was checked.
      const [, written = ''] = /^https:\/\/([^/?#]*)/i.exec(url) ?? [];
      expect(written).toMatch(/^[!-~]+$/);
      expect([host, `${host}:443`]).toContain(written.toLowerCase());
      expect(url.length).toBeLessThanOrEqual(512);
      if (given.startsWith('/')) expect(new URL(url).host).toBe('bots-1234.twil.io');
    }),
  );
});

test('reads a URL with a Latin-1 character as it did at first, however often it is called', () => {
  const call = () => [
    validateUrl('https://MÜNCHEN.example/é#x', deployed),
    comparableUrl('https://CRM.example/é#x'),
    parseHost('MÜNCHEN.example')?.host,
  ];
  const first = call();
  for (let i = 0; i < 20_000; i++)
    if (call().join() !== first.join()) throw new Error(`call ${i}: ${call()}`);
  expect(first).toEqual([
    'https://xn--mnchen-3ya.example/é#x',
    'https://crm.example/%C3%A9',
    'xn--mnchen-3ya.example',
  ]);
});

test('normalizes URLs before it compares them', () => {
  expect(comparableUrl('https://CRM.example:443/in?a=1#rc=2')).toBe(
    comparableUrl('https://crm.example/in?a=1'),
  );
  expect(comparableUrl('https://crm.example')).toBe(comparableUrl('https://crm.example/'));
  expect(comparableUrl('https://crm.example/in?a=1')).not.toBe(comparableUrl('https://crm.example/in?a=2'));
  expect(comparableUrl('no url')).toBe('no url');
});

test.each([
  'https://crm.example/in?a=1#b',
  'https://crm.example/in#a?b',
  'https://crm.example/in?a\n#b\nc',
  'https://crm.example/in',
])('cuts query and fragment off %j', (url) => {
  expect(withoutQuery(url)).toBe('https://crm.example/in');
});

test.each([
  ['localhost:3000', 'http://localhost:3000/in'],
  ['crm.localhost:3000', 'http://crm.localhost:3000/in'],
  ['127.0.0.1:3000', 'http://127.0.0.1:3000/in'],
  ['[::1]:3000', 'http://[::1]:3000/in'],
  ['0.0.0.0:3000', 'http://0.0.0.0:3000/in'],
  ['bots-1234.twil.io', 'https://bots-1234.twil.io/in'],
])('has the deployment %s at %s', (domainName, url) => {
  expect(ownUrl('/in', { domainName, local: false })).toBe(url);
});

test.each(['localhost', 'crm.localhost', '127.9.9.9', '[::1]', '0.0.0.0', '[::]'])(
  'accepts http to %s only while Twilio is a stand-in on this machine',
  (host) => {
    const url = `http://${host}:4010/in`;
    expect(validateUrl(url, local)).toBe(url);
    expect(() => validateUrl(url, deployed)).toThrow(expect.objectContaining({ code: 50054, status: 400 }));
  },
);
