import twilio from 'twilio';
import { AUTH_TOKEN } from '../../../emulator/twilio/account';
import { DEMO, type Sink, type Subject, startEmulator, startSink } from '../../support/emulator';

let subject: Subject;
let sink: Sink;
beforeEach(async () => {
  sink = await startSink();
  subject = await startEmulator();
});
afterEach(async () => {
  await subject.stop();
  await sink.stop();
});

const demo = () => subject.api.conversations(DEMO);
const say = (Body: string, more: object = {}) =>
  subject.control('POST', '/conversations/demo/messages', { Body, ...more });
const attach = (filters: string[], more: object = {}) =>
  demo().webhooks.create({
    target: 'webhook',
    'configuration.url': `${sink.url}/hook`,
    'configuration.filters': filters,
    ...more,
  });
const outcomes = async () => (await subject.deliveries()).map(({ outcome, status }) => [outcome, status]);

describe('the request', () => {
  test('a POST is a signed form with the headers Twilio sends', async () => {
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
    expect(twilio.validateRequest(AUTH_TOKEN, signature, `${sink.url}/hook?a=1&b=%20`, params)).toBe(true);
    expect(
      twilio.validateRequest(AUTH_TOKEN, signature, `${sink.url}/hook?a=1&b=%20`, { ...params, Body: '' }),
    ).toBe(false);
    expect(delivery).toMatchObject({
      outcome: 'answered',
      status: 200,
      signature,
      url: `${sink.url}/hook?a=1&b=%20`,
    });
  });

  test('a GET has everything in the signed URL', async () => {
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
    expect(twilio.validateRequest(AUTH_TOKEN, signature, url, {})).toBe(true);
    expect(twilio.validateRequest(AUTH_TOKEN, signature, `${url}x`, {})).toBe(false);
  });

  test('whatever comes back is ignored, and nothing is followed', async () => {
    await attach(['onMessageAdded']);
    sink.answer = (_, response) =>
      void response.writeHead(302, { Location: '/elsewhere' }).end('{"body":"changed"}');
    await say('one');
    expect(await outcomes()).toEqual([['answered', 302]]);
    expect(sink.requests.map(({ url }) => url)).toEqual(['/hook']);
    expect((await demo().messages.list()).map(({ body }) => body)).toEqual(['one']);
  });

  test('one that never answers is given up after the timeout; the API never waited', async () => {
    await subject.control('POST', '/options', { webhookTimeout: 50 });
    await attach(['onMessageAdded']);
    sink.answer = () => {};
    expect((await say('one')).status).toBe(201);
    expect(await outcomes()).toEqual([['timeout', null]]);
  });

  test('one that stops in the middle of its answer is given up too', async () => {
    await subject.control('POST', '/options', { webhookTimeout: 50 });
    await attach(['onMessageAdded']);
    sink.answer = (_, response) => void response.writeHead(200, { 'Content-Length': '9' }).write('1');
    await say('one');
    expect(await outcomes()).toEqual([['timeout', null]]);
  });

  test('one that is not there, or hangs up, is recorded as refused', async () => {
    await attach(['onMessageAdded']);
    sink.answer = (request) => void request.socket.destroy();
    await say('one');
    expect(await outcomes()).toEqual([['refused', null]]);
  });

  test('nothing leaves this machine', async () => {
    await attach(['onMessageAdded'], { 'configuration.url': 'https://example.com/hook' });
    await say('one');
    expect(await subject.deliveries()).toMatchObject([
      { outcome: 'blocked', status: null, url: 'https://example.com/hook', params: { Body: 'one' } },
    ]);
  });
});
