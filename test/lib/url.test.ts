import fc from 'fast-check';
import { comparableUrl, ownUrl, validateUrl, withoutQuery } from '../../src/lib/url';

const deployed = { domainName: 'bots-1234.twil.io', local: false };
const local = { domainName: 'localhost:3000', local: true };

test.each([
  ['https://crm.example/in?key=1', deployed, 'https://crm.example/in?key=1'],
  ['HTTPS://crm.example/in', deployed, 'HTTPS://crm.example/in'],
  ['https://user:secret@crm.example/in', deployed, 'https://user:secret@crm.example/in'],
  ['/events?x=1', deployed, 'https://bots-1234.twil.io/events?x=1'],
  ['/events', local, 'http://localhost:3000/events'],
  ['http://127.0.0.1:4010/in', local, 'http://127.0.0.1:4010/in'],
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
  ['https:crm.example', deployed, 50054, 'is not valid; send an https URL'],
  ['https://', deployed, 50054, 'is not valid; send an https URL'],
  ['ftp://crm.example', deployed, 50054, 'is not valid; send an https URL'],
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

test('never shows the query of a URL in an error', () => {
  expect(() => validateUrl('ftp://crm.example/in?key=hunter2', deployed)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  );
});

test('returns only https URLs with a host and at most 512 characters, whatever is sent', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.string().map((path) => `/${path}`),
    fc.string().map((rest) => `https://${rest}`),
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
      expect(new URL(url).protocol).toBe('https:');
      expect(url.length).toBeLessThanOrEqual(512);
      if (given.startsWith('/')) expect(new URL(url).host).toBe('bots-1234.twil.io');
    }),
  );
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
