import Twilio from 'twilio/lib/rest/Twilio';
import { clientOf, DEMO, useEmulator } from '../../support/emulator';
import { startProxy } from '../../support/proxy';

const subject = useEmulator();

const linksFor = async (headers: { [name: string]: string }) => {
  const { body } = await subject.raw('GET', '/v1/Conversations?PageSize=1', undefined, headers);
  return [
    body.meta.url,
    body.meta.next_page_url,
    body.conversations[0].url,
    body.conversations[0].links.webhooks,
  ];
};
const from = (origin: string) => [
  `${origin}/v1/Conversations?PageSize=1&Page=0`,
  expect.stringMatching(new RegExp(`^${origin}/v1/Conversations\\?PageSize=1&Page=1&PageToken=`)),
  `${origin}/v1/Conversations/${DEMO}`,
  `${origin}/v1/Conversations/${DEMO}/Webhooks`,
];

beforeEach(() => subject.api.conversations.create({}));

test('links to the emulator’s own address', async () => {
  expect(await linksFor({})).toEqual(from(subject.origin));
});

test('links to the address of the proxy that the client requested', async () => {
  const { host } = new URL(subject.origin);
  const forwarded = (proto: string, name: string) => ({
    'X-Forwarded-Proto': proto,
    'X-Forwarded-Host': name,
  });
  expect(await linksFor(forwarded('https', 'twilio.example.com'))).toEqual(
    from('https://twilio.example.com'),
  );
  expect(await linksFor(forwarded('http', 'example.com:8080'))).toEqual(from('http://example.com:8080'));
  expect(await linksFor(forwarded('https, http', 'first.example.com, second.example.com'))).toEqual(
    from('https://first.example.com'),
  );
  expect(await linksFor({ 'X-Forwarded-Proto': 'https' })).toEqual(from(`https://${host}`));
  expect(await linksFor({ 'X-Forwarded-Host': 'example.com' })).toEqual(from('http://example.com'));
});

test.each([
  { 'X-Forwarded-Proto': 'gopher' },
  { 'X-Forwarded-Host': 'a b' },
  { 'X-Forwarded-Proto': '', 'X-Forwarded-Host': '' },
])('ignores %j', async (headers) => {
  expect(await linksFor(headers)).toEqual(from(subject.origin));
});

test('links to the forwarded address in responses of /_emulator', async () => {
  const response = await subject.raw('POST', '/_emulator/conversations/demo/messages', 'Body=Hello', {
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'twilio.example.com',
  });
  expect(response.body.url).toMatch(/^https:\/\/twilio\.example\.com\/v1\/Conversations\//);
});

test('lists page by page through a proxy that keeps the Host', async () => {
  const proxy = await startProxy(subject.origin);
  const requests: string[] = [];
  proxy.seen = (when, request) => {
    if (when === 'request') requests.push(request);
    return true;
  };
  try {
    expect(await clientOf(Twilio, proxy.origin).conversations.list({ pageSize: 1 })).toHaveLength(2);
    expect(requests).toHaveLength(2);
  } finally {
    await proxy.stop();
  }
});
