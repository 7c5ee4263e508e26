import type { ServerResponse } from 'node:http';

/** What an API that cannot be trusted was sent, and where it may want to lead us. */
export interface Asked {
  readonly authorization: string;
  readonly token: string;
  readonly domain: string;
  readonly path: string;
  readonly elsewhere: string;
}

type Reply = (response: ServerResponse) => void;

const text =
  (status: number, body: string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
const json = (status: number, body: unknown): Reply => text(status, JSON.stringify(body));
const html = (status: number, body: string): Reply => text(status, body, { 'content-type': 'text/html' });

/** Bytes in the place of an HTTP answer. */
const bytes =
  (all: string, then: 'end' | 'resetAndDestroy' = 'end'): Reply =>
  ({ socket }) => {
    socket?.write(all);
    socket?.[then]();
  };

/** Bytes that never come to an end. */
const drip =
  (start: string, more: string, every: number): Reply =>
  ({ socket }) => {
    socket?.write(start);
    const timer = setInterval(() => socket?.write(more), every);
    socket?.once('close', () => clearInterval(timer));
  };

const resource = (fields: object = {}) => ({
  sid: `WH${'1'.repeat(32)}`,
  account_sid: `AC${'0'.repeat(32)}`,
  conversation_sid: `CH${'0'.repeat(32)}`,
  target: 'webhook',
  url: 'https://conversations.twilio.com/v1/x',
  configuration: { url: 'https://crm.example/in', method: 'post', filters: ['onMessageAdded'] },
  date_created: '2026-01-31T12:00:00Z',
  date_updated: '2026-01-31T12:00:00Z',
  ...fields,
});

/** An answer that is good as a webhook, as a page of webhooks, and as a page of messages. */
const webhook = (fields: object = {}, more: object = {}) => ({
  ...resource(fields),
  meta: { page: 0, page_size: 5, key: 'webhooks', next_page_url: null },
  webhooks: [resource(fields)],
  messages: [{ index: 4 }],
  ...more,
});
const pageBefore = (next_page_url: string) =>
  json(200, webhook({}, { webhooks: [], meta: { key: 'webhooks', next_page_url } }));
const twoPages = (path: string, origin: string) =>
  path.includes('Page=1') ? json(200, webhook()) : pageBefore(`${origin}${path}&Page=1`);
const router = (domain: string, Profile: string) =>
  webhook({
    configuration: { url: `http://${domain}/events/conversation?${new URLSearchParams({ Profile })}` },
  });

const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const echo = ({ authorization, token }: Asked) => ({
  code: 20001,
  message: `Bad request; you sent Authorization: ${authorization}`,
  more_info: `https://www.twilio.com/?token=${token}`,
  details: {
    headers: { authorization, Authorization: [authorization, authorization.slice(0, 80)] },
    [token]: { [authorization]: encodeURIComponent(authorization) },
    curl: `curl -u ${Buffer.from(authorization.slice(6), 'base64')}`,
  },
});
const problem = ({ authorization }: Asked) => ({
  type: authorization,
  title: authorization,
  status: 400,
  code: 20001,
  detail: authorization,
  errors: [{ detail: authorization, pointer: authorization }],
});
const each = <T>(items: readonly T[], entry: (item: T) => [string, (asked: Asked) => Reply]) =>
  Object.fromEntries(items.map(entry));

/** All that can go wrong with an API, be it broken, badly placed or malicious. */
export const FAULTS: Readonly<Record<string, (asked: Asked) => Reply>> = {
  'connection reset': () => bytes('', 'resetAndDestroy'),
  'reset in the headers': () => bytes('HTTP/1.1 200 OK\r\nContent-', 'resetAndDestroy'),
  'reset in the body': () => bytes('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"sid":', 'resetAndDestroy'),
  'end in the body': () => bytes('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"webhooks":['),
  'no answer': () => () => {},
  'headers that drip': () => drip('HTTP/1.1 200 OK\r\nX-A: ', 'a', 50),
  'headers without end': () => drip('HTTP/1.1 200 OK\r\n', `X-A: ${'a'.repeat(4000)}\r\n`, 5),
  'a body that drips': () => drip('HTTP/1.1 200 OK\r\n\r\n', ' ', 50),
  'a body without end': () => drip('HTTP/1.1 200 OK\r\n\r\n', ' '.repeat(100_000), 5),
  'a body of 3 MB': () => text(200, ' '.repeat(3 * 1024 * 1024)),
  'no HTTP': () => bytes('\x00\xff\x16\x03\x01 hello\r\n\r\n'),
  'two lengths': () => bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x'),
  'a broken chunk': () => bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n'),
  'another protocol': () =>
    bytes('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),

  'HTML with 200': () => html(200, '<html><body>Sign in</body></html>'),
  'HTML with 502': () => html(502, '<html><h1>Bad gateway</h1></html>'),
  'nothing with 200': () => text(200, ''),
  'nothing with 204': () => text(204, ''),
  'nothing with 304': () => text(304, ''),
  'cut JSON': () => text(200, '{"webhooks": [{"sid": "WH'),
  ...each([null, 5, 'text', true, [], {}], (body) => [
    `JSON ${JSON.stringify(body)} with 200`,
    () => json(200, body),
  ]),
  ...each([null, 5, 'text', true, [], {}], (body) => [
    `JSON ${JSON.stringify(body)} with 400`,
    () => json(400, body),
  ]),

  ...each([400, 401, 403, 404, 409, 429, 500, 503], (status) => [
    `an echo with ${status}`,
    (asked) => json(status, { ...echo(asked), status }),
  ]),
  'an echo in HTML': ({ authorization, token }) => html(500, `<pre>${authorization} ${token}</pre>`),
  'an echo as a problem': (asked) => json(400, problem(asked)),
  'an echo in the status line': ({ authorization }) =>
    bytes(`HTTP/1.1 400 ${authorization}\r\nDate: ${authorization}\r\nContent-Length: 2\r\n\r\n{}`),
  'an echo in a resource': ({ authorization, token }) =>
    json(
      200,
      webhook({
        url: authorization,
        configuration: { url: `https://crm.example/?t=${token}`, [token]: [authorization] },
      }),
    ),
  'an echo in a router': ({ authorization, domain }) => json(200, router(domain, authorization)),

  ...each([301, 302, 303, 307, 308], (status) => [
    `a redirect with ${status}`,
    ({ elsewhere, path }) => text(status, '', { location: `${elsewhere}${path}` }),
  ]),
  'a redirect with a resource': ({ elsewhere }) =>
    text(302, JSON.stringify(webhook()), { location: elsewhere }),
  'a next page elsewhere': ({ elsewhere, path }) => twoPages(path, elsewhere),
  'a next page elsewhere, with a password': ({ elsewhere, path }) =>
    twoPages(path, `http://user:pass@${new URL(elsewhere).host}`),
  'a next page that is none': () => pageBefore('::no url::'),
  'pages without end': ({ path }) => {
    const page = pageBefore(`https://conversations.twilio.com${path}`);
    return (response) => setTimeout(() => page(response), 20);
  },

  'a long error': () => json(400, { code: 20001, message: 'x'.repeat(900_000), status: 400 }),
  'deep details': () =>
    text(400, `{"code":20001,"message":"deep","status":400,"details":{"a":${lists(400_000)}}}`),
  'a deep resource': () =>
    text(
      200,
      JSON.stringify(webhook({ configuration: { url: 'DEEP' } })).replaceAll('"DEEP"', lists(150_000)),
    ),
  'a code without end': () => text(400, '{"code":1e999,"message":"","status":"four","details":"none"}'),
  'keys of a prototype': () =>
    text(400, '{"__proto__":{"status":200},"code":{"a":1},"message":["x"],"details":{"__proto__":{"x":1}}}'),
  'a configuration that is none': () => json(200, webhook({ configuration: [] })),
  'settings of other types': () =>
    json(200, webhook({ configuration: { url: 5, method: {}, filters: 5, triggers: 'x', flow_sid: [] } })),
  'dates that are none': () => json(200, webhook({ date_created: { a: 1 }, date_updated: 'yesterday' })),
  'another target': () => json(200, webhook({ target: { constructor: 1 } })),
  'an index that is none': () => json(200, webhook({}, { webhooks: [], messages: [{ index: 'x?a=1' }] })),
  'messages that are none': () => json(200, webhook({}, { webhooks: [], messages: { 0: null } })),
  'webhooks that are none': () => json(200, webhook({}, { webhooks: { length: 1e9 } })),
  'a webhook that is null': () => json(200, webhook({}, { webhooks: [null] })),
};
