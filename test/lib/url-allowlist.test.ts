import fc from 'fast-check';
import { validateUrl } from '../../src/lib/url';
import { isAllowed, isAllowlist } from '../../src/lib/url-allowlist';

test.each([
  ['crm.example.com', 'https://crm.example.com/in?key=1', true],
  ['crm.example.com', 'https://CRM.Example.com:443/', true],
  ['CRM.example.com:443', 'https://crm.example.com/', true],
  ['crm.example.com', 'https://crm.example.com./', true],
  ['crm.example.com.', 'https://crm.example.com/', true],
  ['crm.example.com', 'https://crm.example.com../', false],
  ['crm.example.com', 'https://crm.example.com:8443/', false],
  ['crm.example.com:8443', 'https://crm.example.com:8443/', true],
  ['crm.example.com:8443', 'https://crm.example.com/', false],
  ['crm.example.com', 'https://a.crm.example.com/', false],
  ['crm.example.com', 'https://crm.example.com.evil.example/', false],
  ['crm.example.com', 'https://crm.example.com@evil.example/', false],
  ['crm.example.com', 'https://evil.example/?crm.example.com', false],
  ['crm.example.com', 'https://xcrm.example.com/', false],
  ['crm.example.com', 'https://crmxexample.com/', false],
  ['*.example.com', 'https://crm.example.com/', true],
  ['*.example.com', 'https://a.b.example.com/', true],
  ['*.example.com', 'https://example.com/', false],
  ['*.example.com', 'https://.example.com/', false],
  ['*.example.com', 'https://evilexample.com/', false],
  ['*.example.com', 'https://crm.example.com.evil.example/', false],
  ['*.example.com', 'https://crm.example.com:8443/', false],
  ['*.example.com:8443', 'https://crm.example.com:8443/', true],
  ['*.3com.example', 'https://crm.3com.example/', true],
  ['*.internal2', 'https://crm.internal2/', true],
  ['example.com, *.example.com', 'https://example.com/', true],
  ['münchen.example', 'https://xn--mnchen-3ya.example/', true],
  ['*.xn--mnchen-3ya.example', 'https://a.MÜNCHEN.example/', true],
  ['127.0.0.1:4010', 'http://127.0.0.1:4010/in', true],
  ['127.0.0.1', 'https://0x7f.1/', true],
  ['[::1]:4010', 'http://[0:0::1]:4010/in', true],
])('the list %s allows %s: %s', (allowlist, url, allowed) => {
  expect(isAllowed(new URL(url), allowlist)).toBe(allowed);
});

const MALFORMED = [
  '*',
  '**',
  '*.',
  '*.*',
  '.',
  '.example.com',
  'example..com',
  'crm.*.com',
  'crm*.example.com',
  '*example.com',
  '*.1.2.3',
  '*.[::1]',
  'https://crm.example.com',
  'crm.example.com/',
  'crm.example.com/in',
  'user@crm.example.com',
  'crm.example.com:port',
  'crm.example.com:99999',
  'crm.example.com other.example.com',
  '%63rm.example.com',
  'crm.example.com\\x',
  ',',
  ' ',
  'crm.example.com,',
  'crm.example.com,,other.example.com',
  'null\0',
];

test.each(MALFORMED)('rejects every host if the list has %j', (item) => {
  for (const allowlist of [item, `${item},crm.example.com`, `crm.example.com,${item}`])
    expect(() => isAllowed(new URL('https://crm.example.com/'), allowlist)).toThrow(
      expect.objectContaining({ code: 20001, status: 400, message: expect.stringContaining('ALLOWLIST') }),
    );
});

test('tells a list from one that has a mistake', () => {
  expect(isAllowlist('crm.example.com, *.example.org:8443')).toBe(true);
  for (const none of ['', undefined]) expect(isAllowlist(none)).toBe(true);
  for (const item of MALFORMED) expect(isAllowlist(`crm.example.com,${item}`)).toBe(false);
});

test('never allows a host that is not on the list', () => {
  const part = fc.oneof(fc.constantFrom('*', '.', '*.', ',', 'https://', ':', '443', 'a', ' '), fc.string());
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
      (allowlist) => {
        fc.pre(allowlist !== '');
        let allowed = false;
        try {
          allowed = isAllowed(new URL('https://not-in-any-list.example/'), allowlist);
        } catch (error) {
          expect(error).toMatchObject({ code: 20001 });
        }
        expect(allowed).toBe(false);
      },
    ),
  );
});

const site = { domainName: 'bots-1234.twil.io', local: false, allowlist: '*.example.com' };

test('rejects a host that is not on the list without showing the query', () => {
  expect(() => validateUrl('https://evil.example:8443/in?key=hunter2', site)).toThrow(
    expect.objectContaining({
      code: 50054,
      status: 400,
      message: 'Url: the host "evil.example:8443" is not allowed; add it to WEBHOOK_URL_ALLOWLIST',
    }),
  );
});

test('returns the spelling of a host that it checked', () => {
  for (const host of ['crm。example.com', 'crm%2eexample.com', 'ｃｒｍ.example.com'])
    expect(validateUrl(`https://${host}/in`, site)).toBe('https://crm.example.com/in');
  expect(() => validateUrl('https://crm.example.com@evil.example/', site)).toThrow(
    'must not have a user name',
  );
});

test('always allows the deployment itself, by path and by name', () => {
  for (const allowlist of ['crm.example', '*'])
    for (const url of ['/my-function', 'https://BOTS-1234.twil.io/my-function'])
      expect(validateUrl(url, { ...site, allowlist })).toContain('my-function');
});

test('allows every https URL without a list, and only https with one', () => {
  for (const allowlist of [undefined, ''])
    expect(validateUrl('https://any.example/', { ...site, allowlist })).toBe('https://any.example/');
  expect(() => validateUrl('http://crm.example.com/', site)).toThrow('must use https');
});
