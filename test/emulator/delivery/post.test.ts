import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { AUTH_TOKEN } from '../../../emulator/twilio/account';
import { selfSigned } from '../../support/certificate';
import { fires, useDemoConversation } from '../../support/emulator';
import { freePort } from '../../support/programs';

const { subject, sink, demo, say, attach } = useDemoConversation();
const outcomes = async () => (await subject.deliveries()).map(({ outcome, status }) => [outcome, status]);

describe('a delivery', () => {
  test('posts a signed form with Twilio’s headers', async () => {
    await attach(['onMessageAdded'], { 'configuration.url': `${sink.url}/hook?a=1&b=%20#part` });
    await say('Tüte, 1+1 & more ');
    const [delivery] = await subject.deliveries();
    const [request] = sink.requests;
    expect(request).toMatchObject({
      method: 'POST',
      url: '/hook?a=1&b=%20',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'i-twilio-idempotency-token': expect.stringMatching(/^[0-9a-f-]{36}$/),
        accept: '*/*',
        'user-agent': 'TwilioProxy/1.1',
      },
    });
    const params = Object.fromEntries(request?.params ?? []);
    expect(params.Body).toBe('Tüte, 1+1 & more ');
    expect(params).toEqual(delivery?.params);
    const signature = String(request?.headers['x-twilio-signature']);
    expect(validateRequest(AUTH_TOKEN, signature, `${sink.url}/hook?a=1&b=%20`, params)).toBe(true);
    expect(
      validateRequest(AUTH_TOKEN, signature, `${sink.url}/hook?a=1&b=%20`, { ...params, Body: '' }),
    ).toBe(false);
    expect(delivery).toMatchObject({
      outcome: 'answered',
      status: 200,
      signature,
      url: `${sink.url}/hook?a=1&b=%20`,
    });
  });

  test('puts all parameters of a GET into the signed URL', async () => {
    await attach(['onMessageAdded'], {
      'configuration.url': `${sink.url}/hook?a=1`,
      'configuration.method': 'get',
    });
    await say('Tüte & more');
    const [delivery] = await subject.deliveries();
    const [request] = sink.requests;
    expect(request?.method).toBe('GET');
    expect(request?.params.size).toBe(0);
    const url = `${sink.url}${request?.url}`;
    const query = Object.fromEntries(new URL(url).searchParams);
    expect(query).toEqual({ a: '1', ...delivery?.params });
    const signature = String(request?.headers['x-twilio-signature']);
    expect(validateRequest(AUTH_TOKEN, signature, url, {})).toBe(true);
    expect(validateRequest(AUTH_TOKEN, signature, `${url}x`, {})).toBe(false);
  });

  test.each(['get', 'post'])('requests a URL that ends in ? as it is signed, by %s', async (method) => {
    const target = `${sink.url}/hook?`;
    await attach(['onMessageAdded'], { 'configuration.url': target, 'configuration.method': method });
    await say('one');
    const [delivery] = await subject.deliveries();
    const [request] = sink.requests;
    expect(request?.url.startsWith('/hook?')).toBe(true);
    expect(delivery?.url).toBe(`${sink.url}${request?.url}`);
    const signature = String(request?.headers['x-twilio-signature']);
    const params = Object.fromEntries(request?.params ?? []);
    expect(validateRequest(AUTH_TOKEN, signature, `${sink.url}${request?.url}`, params)).toBe(true);
  });

  describe('to a URL with a user name and a password', () => {
    const target = () => `${sink.url.replace('//', '//me:secret@')}/hook`;
    const seen = () => sink.requests.map(({ headers }) => headers.authorization);

    test('does not send them to a receiver that does not ask', async () => {
      await attach(['onMessageAdded'], { 'configuration.url': target() });
      await say('one');
      const [delivery] = await subject.deliveries();
      expect(seen()).toEqual([undefined]);
      expect(delivery).toMatchObject({ url: `${sink.url}/hook`, outcome: 'answered', status: 200 });
    });

    test('sends them in a second request after a 401, with the same signature', async () => {
      await attach(['onMessageAdded'], { 'configuration.url': target() });
      sink.respond = ({ headers }, response) =>
        void response.writeHead(headers.authorization === undefined ? 401 : 204).end();
      await say('one');
      expect(await outcomes()).toEqual([['answered', 204]]);
      expect(seen()).toEqual([undefined, `Basic ${btoa('me:secret')}`]);
      const [first, second] = sink.requests.map(({ headers }) => headers['x-twilio-signature']);
      expect(second).toBe(first);
      expect(
        validateRequest(
          AUTH_TOKEN,
          String(first),
          `${sink.url}/hook`,
          Object.fromEntries(sink.requests[0]?.params ?? []),
        ),
      ).toBe(true);
    });

    test('is a 401 if they are refused, or if there are none', async () => {
      await attach(['onMessageAdded'], { 'configuration.url': target() });
      sink.respond = (_, response) => void response.writeHead(401).end();
      await say('one');
      expect(await outcomes()).toEqual([['answered', 401]]);
      expect(seen()).toHaveLength(2);
      await attach(['onMessageUpdated']);
      await demo()
        .messages((await say('two')).body.sid)
        .update({ body: 'three', ...fires });
      expect(await outcomes()).toEqual([
        ['answered', 401],
        ['answered', 401],
        ['answered', 401],
      ]);
      expect(seen()).toHaveLength(5);
    });
  });

  test('ignores every response, and follows no redirect', async () => {
    await attach(['onMessageAdded']);
    sink.respond = (_, response) =>
      void response.writeHead(302, { Location: '/elsewhere' }).end('{"body":"changed"}');
    await say('one');
    expect(await outcomes()).toEqual([['answered', 302]]);
    expect(sink.requests.map(({ url }) => url)).toEqual(['/hook']);
    expect((await demo().messages.list()).map(({ body }) => body)).toEqual(['one']);
  });

  test('times out without a response, and never delays the API', async () => {
    await subject.control('POST', '/options', { webhookTimeout: 50 });
    await attach(['onMessageAdded']);
    sink.respond = () => {};
    expect((await say('one')).status).toBe(201);
    expect(await outcomes()).toEqual([['timeout', null]]);
  });

  test('times out if the response stops half-way', async () => {
    await subject.control('POST', '/options', { webhookTimeout: 50 });
    await attach(['onMessageAdded']);
    sink.respond = (_, response) => void response.writeHead(200, { 'Content-Length': '9' }).write('1');
    await say('one');
    expect(await outcomes()).toEqual([['timeout', null]]);
  });

  test('is recorded as refused, with the error, if nobody listens or the connection ends', async () => {
    await attach(['onMessageAdded']);
    await attach(['onMessageAdded'], { 'configuration.url': `http://127.0.0.1:${await freePort()}` });
    sink.respond = (request) => void request.socket.destroy();
    await say('one');
    const refused = (error: string) => ({ outcome: 'refused', status: null, response: null, error });
    expect(await subject.deliveries()).toMatchObject([refused('ECONNRESET'), refused('ECONNREFUSED')]);
  });

  test('is recorded with the error if the certificate is not trusted', async () => {
    const { key, cert } = selfSigned('127.0.0.1');
    const server = createServer({ key, cert }, (_, response) => void response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await attach(['onMessageAdded'], { 'configuration.url': `https://127.0.0.1:${port}` });
    await say('one');
    expect(await subject.deliveries()).toMatchObject([
      { outcome: 'refused', error: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    ]);
    server.close();
  });

  test('keeps the headers and the first 4 KB of the response', async () => {
    await attach(['onMessageAdded']);
    sink.respond = (_, response) =>
      void response
        .writeHead(201, { 'Content-Type': 'application/json', 'X-Two': ['a', 'b'] })
        .end('{"a":1}');
    await say('one');
    await subject.deliveries();
    sink.respond = (_, response) => void response.end(`${'x'.repeat(4095)}é and more`);
    await say('two');
    const [short, long] = await subject.deliveries();
    expect(short?.response).toMatchObject({
      headers: { 'content-type': 'application/json', 'x-two': 'a, b' },
      body: '{"a":1}',
    });
    expect(long?.response?.body).toBe('x'.repeat(4095));
  });

  test('is blocked if it would leave this machine', async () => {
    await attach(['onMessageAdded'], { 'configuration.url': 'https://example.com/hook' });
    await say('one');
    expect(await subject.deliveries()).toMatchObject([
      { outcome: 'blocked', status: null, url: 'https://example.com/hook', params: { Body: 'one' } },
    ]);
  });
});
