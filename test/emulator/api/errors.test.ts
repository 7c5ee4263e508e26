import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { BASIC, DEMO, FLOW, send, useEmulator } from '../../support/emulator';
import { send as sendRaw } from '../../support/raw';

const subject = useEmulator();

type Form = { [name: string]: string | string[] };
const encode = (form: Form) =>
  new URLSearchParams(
    Object.entries(form).flatMap(([name, value]) =>
      [value].flat().map((item): [string, string] => [name, item]),
    ),
  ).toString();
const post = (path: string, form: Form = {}) => subject.raw('POST', `/v1${path}`, encode(form));
const webhooks = '/Conversations/demo/Webhooks';

const hook = {
  Target: 'webhook',
  'Configuration.Url': 'http://127.0.0.1:9/',
  'Configuration.Filters': 'onMessageAdded',
};
const trigger = {
  Target: 'trigger',
  'Configuration.Url': 'http://127.0.0.1:9/',
  'Configuration.Triggers': 'help',
};
const studio = { Target: 'studio', 'Configuration.FlowSid': FLOW };
const without = (form: Form, name: string): Form => {
  const { [name]: _, ...rest } = form;
  return rest;
};

describe('creating a webhook', () => {
  test.each<[string, Form, number]>([
    ['no target', without(hook, 'Target'), 50368],
    ['an empty target', { ...hook, Target: '' }, 50368],
    ['another target', { ...hook, Target: 'flex' }, 50364],
    ['no URL', without(hook, 'Configuration.Url'), 50369],
    ['no URL for a trigger', without(trigger, 'Configuration.Url'), 50369],
    ['no filters', without(hook, 'Configuration.Filters'), 50370],
    ['empty filters', { ...hook, 'Configuration.Filters': '' }, 50370],
    ['no triggers', without(trigger, 'Configuration.Triggers'), 50371],
    ['no flow', without(studio, 'Configuration.FlowSid'), 50367],
    ['another kind of SID as flow', { ...studio, 'Configuration.FlowSid': DEMO }, 50367],
    ['a pre-event', { ...hook, 'Configuration.Filters': 'onMessageAdd' }, 50365],
    ['a wrong event for a flow', { ...studio, 'Configuration.Filters': 'onMessageSent' }, 50365],
    ['one wrong event among good ones', { ...hook, 'Configuration.Filters': ['onMessageAdded', 'x'] }, 50365],
    [
      'an event that cannot happen in a conversation',
      { ...hook, 'Configuration.Filters': 'onUserAdded' },
      50365,
    ],
    ['an empty trigger', { ...trigger, 'Configuration.Triggers': ['help', ''] }, 50366],
    ['a trigger of 249 characters', { ...trigger, 'Configuration.Triggers': 'x'.repeat(249) }, 50366],
    ['six triggers', { ...trigger, 'Configuration.Triggers': ['a', 'b', 'c', 'd', 'e', 'f'] }, 50362],
    [
      'a URL of 513 characters',
      { ...hook, 'Configuration.Url': `http://127.0.0.1/${'x'.repeat(496)}` },
      50372,
    ],
    ['another scheme', { ...hook, 'Configuration.Url': 'ftp://127.0.0.1/' }, 50054],
    ['a URL that is none', { ...hook, 'Configuration.Url': 'http://' }, 50054],
    ['another method', { ...hook, 'Configuration.Method': 'PUT' }, 50055],
    ['a negative ReplayAfter', { ...hook, 'Configuration.ReplayAfter': '-1' }, 20001],
  ])('is refused with %s', async (_, form, code) => {
    const { status, body } = await post(webhooks, form);
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        code,
        message: expect.any(String),
        more_info: `https://www.twilio.com/docs/errors/${code}`,
        status: 400,
      },
    });
    expect((await subject.raw('GET', `/v1${webhooks}`)).body.webhooks).toEqual([]);
  });

  test.each<[string, Form]>([
    ['a trigger of 248 characters', { ...trigger, 'Configuration.Triggers': 'x'.repeat(248) }],
    ['five triggers', { ...trigger, 'Configuration.Triggers': ['a', 'b', 'c', 'd', 'e'] }],
    ['a URL of 512 characters', { ...hook, 'Configuration.Url': `http://127.0.0.1/${'x'.repeat(495)}` }],
    ['an upper-case method', { ...hook, 'Configuration.Method': 'GET' }],
    ['what the target has no use for', { ...studio, ...without(hook, 'Target'), Target: 'studio' }],
    ['parameters nobody knows', { ...hook, Nonsense: 'yes' }],
  ])('is accepted with %s', async (_, form) => {
    expect((await post(webhooks, form)).status).toBe(201);
  });

  test('reports the target, missing settings, invalid settings, state and number in this order', async () => {
    for (let n = 0; n < 5; n += 1) await post(webhooks, hook);
    await post('/Conversations/demo', { State: 'closed' });
    const bad = { Target: 'trigger', 'Configuration.Triggers': '', 'Configuration.Method': 'PUT' };
    const codes = [
      await post('/Conversations/none/Webhooks', { Target: 'x' }),
      await post(webhooks, { ...bad, Target: 'x' }),
      await post(webhooks, bad),
      await post(webhooks, { ...bad, 'Configuration.Url': 'ftp://x' }),
      await post(webhooks, { ...bad, 'Configuration.Url': 'ftp://x', 'Configuration.Triggers': 'a' }),
      await post(webhooks, { ...trigger, 'Configuration.Method': 'PUT' }),
      await post(webhooks, trigger),
    ].map(({ body }) => body.code);
    expect(codes).toEqual([20404, 50364, 50369, 50366, 50054, 50055, 50377]);
  });

  test('is refused as the sixth', async () => {
    for (const form of [hook, trigger, studio, hook, hook])
      expect((await post(webhooks, form)).status).toBe(201);
    expect(await post(webhooks, hook)).toMatchObject({ status: 403, body: { code: 50361, status: 403 } });
    expect((await subject.raw('GET', `/v1${webhooks}`)).body.webhooks).toHaveLength(5);
  });
});

describe('updating a webhook', () => {
  const update = async (created: Form, form: Form) => {
    const { sid } = (await post(webhooks, created)).body;
    return post(`${webhooks}/${sid}`, form);
  };

  test.each<[string, Form, Form, number]>([
    ['an empty URL', hook, { 'Configuration.Url': '' }, 50369],
    ['empty filters', hook, { 'Configuration.Filters': '' }, 50370],
    ['a wrong filter', hook, { 'Configuration.Filters': 'onMessageAdd' }, 50365],
    ['an empty trigger', trigger, { 'Configuration.Triggers': '' }, 50366],
    ['a wrong flow', studio, { 'Configuration.FlowSid': 'FW1' }, 50367],
    ['a wrong method', trigger, { 'Configuration.Method': 'patch' }, 50055],
  ])('is refused with %s', async (_, created, form, code) => {
    expect(await update(created, form)).toMatchObject({ status: 400, body: { code } });
  });

  test('replaces arrays, keeps what is left out, and ignores Target and ReplayAfter', async () => {
    const form = {
      'Configuration.Filters': ['onMessageRemoved'],
      Target: 'studio',
      'Configuration.ReplayAfter': '0',
    };
    const { status, body } = await update({ ...hook, 'Configuration.Method': 'GET' }, form);
    expect({ status, target: body.target, configuration: body.configuration }).toEqual({
      status: 200,
      target: 'webhook',
      configuration: { url: 'http://127.0.0.1:9/', method: 'GET', filters: ['onMessageRemoved'] },
    });
  });
});

describe('a closed conversation', () => {
  test('can be read and deleted, but not changed', async () => {
    const { sid } = (await post(webhooks, hook)).body;
    const message = (await post('/Conversations/demo/Messages', { Body: 'Hello' })).body.sid;
    await post('/Conversations/demo', { State: 'closed' });
    for (const response of [
      await post('/Conversations/demo', { FriendlyName: 'x' }),
      await post('/Conversations/demo', { State: 'active' }),
      await post(webhooks, hook),
      await post(`${webhooks}/${sid}`, { 'Configuration.Method': 'get' }),
      await post('/Conversations/demo/Messages', { Body: 'Hello' }),
      await post(`/Conversations/demo/Messages/${message}`, { Body: 'Hello' }),
      await subject.raw('DELETE', `/v1/Conversations/demo/Messages/${message}`),
      await post('/Conversations/demo/Participants', { Identity: 'x' }),
      await post('/Conversations/demo/Participants/agent', { Attributes: '{}' }),
      await subject.raw('DELETE', '/v1/Conversations/demo/Participants/agent'),
    ]) {
      expect(response).toMatchObject({ status: 400, body: { code: 50377 } });
    }
    expect((await subject.raw('GET', `/v1${webhooks}/${sid}`)).status).toBe(200);
    expect((await subject.raw('DELETE', `/v1${webhooks}/${sid}`)).status).toBe(204);
    expect((await subject.raw('DELETE', '/v1/Conversations/demo')).status).toBe(204);
  });
});

describe('other resources', () => {
  test.each<[string, Form, number, number]>([
    ['/Conversations', { UniqueName: 'demo' }, 409, 50353],
    ['/Conversations', { UniqueName: DEMO }, 400, 50390],
    ['/Conversations', { FriendlyName: 'x'.repeat(257) }, 400, 50003],
    ['/Conversations', { State: 'closed' }, 400, 50384],
    ['/Conversations', { State: 'open' }, 400, 50378],
    ['/Conversations', { Attributes: '{' }, 400, 50304],
    ['/Conversations', { Attributes: `"${'x'.repeat(16 * 1024)}"` }, 400, 50303],
    ['/Conversations', { 'Timers.Inactive': 'PT59S' }, 400, 50375],
    ['/Conversations', { 'Timers.Closed': 'PT9M' }, 400, 50376],
    ['/Conversations', { 'Timers.Inactive': 'soon' }, 400, 50379],
    ['/Conversations', { 'Timers.Closed': 'P' }, 400, 50380],
    ['/Conversations', { DateCreated: 'today' }, 400, 50308],
    ['/Conversations', { MessagingServiceSid: 'MG1' }, 400, 50341],
    ['/Conversations/demo/Messages', {}, 400, 50503],
    ['/Conversations/demo/Messages', { Body: 'x'.repeat(32 * 1024 + 1) }, 400, 50504],
    ['/Conversations/demo/Messages', { MediaSid: 'x' }, 400, 50510],
    ['/Conversations/demo/Messages', { ContentSid: 'x' }, 400, 50526],
    ['/Conversations/demo/Participants', {}, 400, 50204],
    ['/Conversations/demo/Participants', { Identity: 'agent' }, 409, 50433],
    ['/Conversations/demo/Participants', { 'MessagingBinding.Address': '+15005550009' }, 400, 50412],
    ['/Conversations/demo/Participants', { 'MessagingBinding.ProxyAddress': '+15005550009' }, 400, 50411],
    ['/Conversations/demo/Participants', { Identity: 'x', RoleSid: 'y' }, 400, 50109],
    ['/Services', {}, 400, 20001],
    ['/Configuration/Webhooks', { Method: 'PUT' }, 400, 50055],
    ['/Configuration/Webhooks', { Target: 'x' }, 400, 20001],
    [`/Services/${DEFAULT_SERVICE_SID}/Configuration/Webhooks`, { Filters: 'onNothing' }, 400, 50054],
    [`/Services/${DEFAULT_SERVICE_SID}/Configuration/Webhooks`, { PostWebhookUrl: 'x' }, 400, 50054],
  ])('refuse POST %s %j with %i %i', async (path, form, status, code) => {
    expect(await post(path, form)).toMatchObject({ status, body: { code, status } });
  });

  test.each([
    [{ 'MessagingBinding.Address': 'x', 'MessagingBinding.ProxyAddress': '+15005550001' }, 50407],
    [{ 'MessagingBinding.Address': '+15005550009', 'MessagingBinding.ProxyAddress': 'x' }, 50408],
    [{ 'MessagingBinding.Address': '+15005550009', 'MessagingBinding.ProxyAddress': '+15005550009' }, 50409],
    [
      {
        'MessagingBinding.Address': 'whatsapp:+15005550009',
        'MessagingBinding.ProxyAddress': '+15005550001',
      },
      50414,
    ],
  ])('refuse the binding %j with %i', async (form, code) => {
    expect(await post('/Conversations/demo/Participants', form)).toMatchObject({
      status: 400,
      body: { code },
    });
  });

  test('refuse a pair of addresses that another open conversation has', async () => {
    const pair = {
      'MessagingBinding.Address': '+15005550006',
      'MessagingBinding.ProxyAddress': '+15005550001',
    };
    const { sid } = (await post('/Conversations')).body;
    const refused = await post(`/Conversations/${sid}/Participants`, pair);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 50416, message: expect.stringContaining(DEMO) },
    });
    await post('/Conversations/demo', { State: 'closed' });
    expect((await post(`/Conversations/${sid}/Participants`, pair)).status).toBe(201);
  });
});

describe('a request', () => {
  const url = () => `${subject.origin}/v1/Conversations/demo`;

  test.each([
    ['no credentials', {}],
    [
      'a wrong token',
      { Authorization: `Basic ${Buffer.from(`AC${'0'.repeat(31)}1:wrong`).toString('base64')}` },
    ],
    ['another scheme', { Authorization: BASIC.replace('Basic', 'Bearer') }],
  ])('is refused with 401 for %s', async (_, headers) => {
    expect(await send(url(), 'GET', undefined, headers)).toMatchObject({
      status: 401,
      body: { code: 20003 },
    });
  });

  test.each([
    ['GET', '/v1/Nothing', 404, 20404],
    ['GET', '/v1/Conversations/demo/Webhooks/WH1', 404, 20404],
    ['GET', `/v1/Services/IS${'9'.repeat(32)}/Conversations/demo`, 404, 20404],
    ['GET', '/v1/Conversations/%E0%A4%A', 404, 20404],
    ['GET', '/elsewhere', 404, 20404],
    ['PUT', '/v1/Conversations/demo', 405, 20004],
    ['DELETE', '/v1/Conversations/demo/Webhooks', 405, 20004],
    ['DELETE', '/v1/Configuration/Webhooks', 405, 20004],
  ])('%s %s is refused with %i %i', async (method, path, status, code) => {
    expect(await subject.raw(method, path)).toMatchObject({ status, body: { code, status } });
  });

  test('gets the path of a missing resource in the error', async () => {
    const { body } = await subject.raw('GET', '/v1/Conversations/CHnone');
    expect(body.message).toBe('The requested resource /Conversations/CHnone was not found');
  });

  test('is refused with another Content-Type', async () => {
    const json = { 'Content-Type': 'application/json' };
    expect(await subject.raw('POST', '/v1/Conversations', '{"FriendlyName":"x"}', json)).toMatchObject({
      status: 400,
      body: {
        code: 20001,
        message: 'The Content-Type must be application/x-www-form-urlencoded, not application/json',
      },
    });
  });

  test('is refused with a body over the limit, and the next one is served', async () => {
    expect(await subject.raw('POST', '/v1/Conversations', 'x'.repeat(2_000_000))).toMatchObject({
      status: 400,
      body: { code: 20001, message: 'The body must not be larger than 1048576 bytes' },
    });
    expect((await subject.raw('GET', '/v1/Conversations/demo')).status).toBe(200);
  });

  test.each([
    ['as large as is allowed is read', 1024 * 1024, 'not text/plain'],
    ['one byte larger is refused', 1024 * 1024 + 1, 'The body must not be larger than'],
  ])('with a chunked body %s', async (_, size, message) => {
    const body = Buffer.alloc(size, 'x');
    const headers = { authorization: BASIC, 'transfer-encoding': 'chunked', 'content-type': 'text/plain' };
    const response = await sendRaw(subject.origin, {
      method: 'POST',
      path: '/v1/Conversations',
      headers,
      body,
    });
    expect(response).toMatchObject({ status: 400, text: expect.stringContaining(message) });
  });

  test('gets the headers of conversations.twilio.com', async () => {
    for (const path of ['/v1/Conversations/demo', '/v1/Conversations/none']) {
      const { headers } = await subject.raw('GET', path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'twilio-request-id': expect.stringMatching(/^RQ[0-9a-f]{32}$/),
        'twilio-request-duration': expect.stringMatching(/^\d+\.\d{3}$/),
        'twilio-concurrent-requests': '1',
        'x-home-region': 'us1',
        'x-api-domain': 'conversations.twilio.com',
        'access-control-allow-origin': '*',
      });
    }
    const deleted = await subject.raw('DELETE', '/v1/Conversations/demo');
    expect(deleted.status).toBe(204);
    expect(deleted.headers.get('content-type')).toBeNull();
    expect(deleted.body).toBe('');
  });
});
