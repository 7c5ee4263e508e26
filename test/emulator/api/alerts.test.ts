import Twilio from 'twilio/lib/rest/Twilio';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../../emulator/twilio/account';
import { DEMO, refusal, useDemoConversation } from '../../support/emulator';

const { subject, sink, attach, say } = useDemoConversation();

function alerts() {
  const client = new Twilio(ACCOUNT_SID, AUTH_TOKEN);
  client.monitor.baseUrl = subject.origin;
  return client.monitor.v1.alerts;
}

const failed = async (respond: typeof sink.respond, url = sink.url) => {
  sink.respond = respond;
  await attach(['onMessageAdded'], { 'configuration.url': url });
  const { body } = await say('Hello, 1+1');
  const [delivery] = await subject.deliveries();
  return { message: body.sid as string, delivery, listed: await alerts().list() };
};

test('reports a webhook that responds with an error', async () => {
  const { message, delivery, listed } = await failed((_, response) =>
    response.writeHead(503, { 'X-Why': 'busy' }).end('Later'),
  );
  expect(listed).toHaveLength(1);
  const sid = listed[0]?.sid ?? '';
  const alert = await alerts()(sid).fetch();
  expect(alert).toMatchObject({
    sid: expect.stringMatching(/^NO[0-9a-f]{32}$/),
    errorCode: '11217',
    logLevel: 'error',
    moreInfo: 'https://www.twilio.com/docs/errors/11217',
    resourceSid: DEMO,
    requestMethod: 'POST',
    requestUrl: delivery?.url,
    url: `${subject.origin}/v1/Alerts/${sid}`,
  });
  expect(Object.fromEntries(new URLSearchParams(alert.alertText))).toEqual({
    ErrorCode: '11217',
    LogLevel: 'ERROR',
    httpResponse: '503',
    url: delivery?.url,
  });
  expect(alert.responseBody).toBe('Later');
  expect(new URLSearchParams(alert.responseHeaders).get('x-why')).toBe('busy');
  const variables = new URLSearchParams(alert.requestVariables);
  expect([variables.get('MessageSid'), variables.get('Body')]).toEqual([message, 'Hello, 1+1']);
});

test('reports a webhook that cannot be reached', async () => {
  const { listed } = await failed(() => {}, 'http://127.0.0.1:9/');
  expect(listed.map(({ errorCode }) => errorCode)).toEqual(['11205']);
});

test('reports a webhook that takes too long', async () => {
  await subject.control('POST', '/options', { webhookTimeout: 50 });
  const { listed } = await failed(() => {});
  expect(listed.map(({ errorCode }) => errorCode)).toEqual(['50076']);
});

test('reports no delivery that was blocked, and none that arrived', async () => {
  await attach(['onMessageAdded'], { 'configuration.url': 'https://example.com/' });
  const { listed } = await failed((_, response) => response.writeHead(302).end());
  expect(listed).toEqual([]);
});

test('pages the newest first, and filters by date and level', async () => {
  await failed((_, response) => response.writeHead(500).end());
  await subject.control('POST', '/clock', { advance: 3600 });
  await say('Again');
  await subject.deliveries();
  const [newest, oldest] = await alerts().list({ pageSize: 1 });
  const times = [newest, oldest].map((alert) => alert?.dateCreated.getTime() ?? 0);
  expect((times[0] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(3600_000);
  const sids = async (query: object) => (await alerts().list(query)).map(({ sid }) => sid);
  expect(await sids({ startDate: newest?.dateCreated })).toEqual([newest?.sid]);
  expect(await sids({ endDate: oldest?.dateCreated })).toEqual([]);
  expect(await sids({ logLevel: 'warning' })).toEqual([]);
  expect(await sids({ logLevel: 'error' })).toEqual([newest?.sid, oldest?.sid]);
  await subject.control('POST', '/reset');
  expect(await alerts().list()).toEqual([]);
  expect(await refusal(alerts()(newest?.sid ?? '').fetch())).toMatchObject({ status: 404, code: 20404 });
});
