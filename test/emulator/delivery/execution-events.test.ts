import { validateRequestWithBody } from 'twilio/lib/webhooks/webhooks';
import type { Delivery } from '../../../emulator/state/history';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../../emulator/twilio/account';
import { DEMO, FLOW, useEmulator, useSink } from '../../support/emulator';

const STARTED = 'com.twilio.studio.flow.execution.started';
const ENDED = 'com.twilio.studio.flow.execution.ended';
const OTHER_FLOW = FLOW.replace(/a/g, 'b');
const DATE = '2026-01-31T12:00:00.250Z';

const subject = useEmulator({ now: () => Date.parse(DATE) });
const sink = useSink();

const demo = () => subject.api.conversations(DEMO);
const attach = (flowSid = FLOW) =>
  demo().webhooks.create({ target: 'studio', 'configuration.flowSid': flowSid });
const say = (Body: string) => subject.control('POST', '/conversations/demo/messages', { Body });
const end = (sid = '', body = {}) => subject.control('POST', `/executions/${sid}/end`, body);
const streamed = async () => (await subject.deliveries()).filter(({ level }) => level === 'event_streams');
const ids = (deliveries: Delivery[]) => deliveries.map(({ events }) => events?.[0]?.id);
const flows = async () => (await demo().webhooks.list()).map(({ configuration }) => configuration.flow_sid);

async function subscribe(types: object[] = [{ type: ENDED }], more: object = {}) {
  const { sid } = await subject.events.sinks.create({
    description: 'Sink',
    sinkType: 'webhook',
    sinkConfiguration: { destination: `${sink.url}/events?a=1`, method: 'POST', batch_events: true, ...more },
  });
  await subject.events.subscriptions.create({ description: 'Subscription', sinkSid: sid, types });
  return sid;
}

/** An execution at work, whose webhook has been detached. */
async function detached() {
  const { sid } = await attach();
  await say('Hello');
  const [execution] = await subject.executions();
  await demo().webhooks(sid).remove();
  return execution?.sid;
}

describe('the events of an execution', () => {
  test('are delivered in arrays of CloudEvents', async () => {
    const sid = await subscribe([{ type: STARTED }, { type: ENDED, schema_version: 1 }]);
    await attach();
    const message = (await say('Hello')).body;
    const [execution] = await subject.executions();
    await subject.control('POST', '/clock', { advance: 1.5 });
    await end(execution?.sid, { ended_reason: 'FLOW_ERROR' });
    const event = {
      specversion: '1.0',
      source: `/v2/Flows/${FLOW}/Executions/${execution?.sid}`,
      id: expect.stringMatching(/^EZ[0-9a-f]{32}$/),
      datacontenttype: 'application/json',
    };
    const data = {
      execution_sid: execution?.sid,
      account_sid: ACCOUNT_SID,
      flow_sid: FLOW,
      contact_channel_address: DEMO,
      date_created: DATE,
      started_by: message.sid,
      flow_revision: 1,
    };
    const events = [
      {
        ...event,
        type: STARTED,
        dataschema: 'https://events-schemas.twilio.com/Studio.FlowExecutionEvent/2',
        time: DATE,
        data: { ...data, status: 'active', date_updated: DATE },
      },
      {
        ...event,
        type: ENDED,
        dataschema: 'https://events-schemas.twilio.com/Studio.FlowExecutionEvent/1',
        time: '2026-01-31T12:00:01.750Z',
        data: {
          ...data,
          status: 'ended',
          ended_reason: 'FLOW_ERROR',
          date_updated: '2026-01-31T12:00:01.750Z',
        },
      },
    ];
    const deliveries = await streamed();
    expect(sink.requests.map(({ body }) => JSON.parse(body))).toEqual(events.map((one) => [one]));
    expect(deliveries.map((delivery) => delivery.events)).toEqual(events.map((one) => [one]));
    expect(deliveries).toMatchObject(
      events.map(({ type }) => ({
        level: 'event_streams',
        event_type: type,
        sink_sid: sid,
        webhook_sid: null,
        conversation_sid: DEMO,
        method: 'POST',
        params: {},
        outcome: 'answered',
        status: 200,
      })),
    );
    expect(new Set(ids(deliveries)).size).toBe(2);
  });

  test('are signed as Twilio signs JSON', async () => {
    await subscribe();
    await end(await detached());
    const [delivery] = await streamed();
    const [request] = sink.requests;
    const url = sink.url + request?.url;
    expect(request).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(request?.url).toMatch(/^\/events\?a=1&bodySHA256=[0-9a-f]{64}$/);
    expect(delivery).toMatchObject({ url, signature: request?.headers['x-twilio-signature'] });
    const check = (body = '', at = url) =>
      validateRequestWithBody(AUTH_TOKEN, delivery?.signature ?? '', at, body);
    expect(check(request?.body)).toBe(true);
    expect(check(`${request?.body} `)).toBe(false);
    expect(check(request?.body, url.replace('a=1', 'a=2'))).toBe(false);
  });

  test('reach the sinks that subscribe to the type, and no other', async () => {
    await subject.control('POST', '/options', { sinkSharing: 'accept' });
    const [first, second] = [await subscribe(), await subscribe()];
    await subscribe([{ type: STARTED }, { type: 'com.twilio.conversations.message.added' }]);
    const execution = await detached();
    await subject.control('DELETE', '/deliveries');
    await end(execution);
    const told = await streamed();
    expect(told.map(({ sink_sid }) => sink_sid)).toEqual([first, second]);
    expect(new Set(ids(told)).size).toBe(1);
  });

  test.each(['initialized', 'validating', 'failed'])('do not reach a sink that is %s', async (Status) => {
    const sid = await subscribe();
    await subject.control('POST', `/sinks/${sid}/status`, { Status });
    const execution = await detached();
    await end(execution);
    expect(await streamed()).toEqual([]);
  });

  test('are delivered once, whatever the response, and not for a further message', async () => {
    await subscribe([{ type: STARTED }]);
    sink.respond = (_, response) => void response.writeHead(503).end();
    await attach();
    await say('one');
    await say('two');
    expect(await streamed()).toMatchObject([{ outcome: 'answered', status: 503 }]);
  });

  test('are blocked if they would leave this machine, and time out', async () => {
    await subject.control('POST', '/options', { webhookTimeout: 50 });
    await subscribe([{ type: STARTED }]);
    await subscribe([{ type: ENDED }], { destination: 'https://example.com/events' });
    sink.respond = () => {};
    await end(await detached());
    expect((await streamed()).map(({ event_type, outcome }) => [event_type, outcome])).toEqual([
      [STARTED, 'timeout'],
      [ENDED, 'blocked'],
    ]);
  });

  test('are accepted by the receiver', async () => {
    const destination = `${subject.origin}/_emulator/receiver?from=test`;
    await subscribe([{ type: ENDED }], { destination });
    await end(await detached());
    expect(await streamed()).toMatchObject([{ status: 200 }]);
    const { requests } = (await subject.control('GET', '/receiver/requests')).body;
    expect(requests).toMatchObject([{ valid: true, params: {}, body: [{ type: ENDED }] }]);
    for (const body of ['[]', '{']) {
      const forged = { 'Content-Type': 'application/json' };
      expect((await subject.raw('POST', '/_emulator/receiver', body, forged)).status).toBe(403);
    }
  });

  test('have the credentials of the destination URL if the receiver asks for them', async () => {
    sink.respond = ({ headers }, response) =>
      void response.writeHead(headers.authorization === undefined ? 401 : 204).end();
    await subscribe([{ type: ENDED }], { destination: sink.url.replace('//', '//user:pass@') });
    await end(await detached());
    expect(await streamed()).toMatchObject([{ status: 204 }]);
    expect(sink.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      `Basic ${btoa('user:pass')}`,
    ]);
  });
});

test.each([
  ['array', false, true],
  ['object', false, false],
  ['object', true, true],
] as const)(
  'with unbatchedEvents=%s and batch_events=%s, sends an array: %s',
  async (option, batch, array) => {
    await subject.control('POST', '/options', { unbatchedEvents: option });
    await subscribe([{ type: ENDED }], { batch_events: batch });
    await end(await detached());
    await streamed();
    const body = JSON.parse(sink.requests[0]?.body ?? '');
    expect(Array.isArray(body)).toBe(array);
    expect([body].flat()).toMatchObject([{ type: ENDED }]);
  },
);

describe('when the end is delivered', () => {
  test.each([
    ['off', [], []],
    ['on', [FLOW], [FLOW]],
    ['late', [], [FLOW]],
  ] as const)(
    'with studioReattaches=%s, the webhooks are %j, and later %j',
    async (studioReattaches, then, later) => {
      await subject.control('POST', '/options', { studioReattaches });
      await subscribe();
      const execution = await detached();
      const seen: unknown[] = [];
      sink.respond = async (_, response) => {
        seen.push(await flows());
        response.end();
      };
      await end(execution);
      await streamed();
      expect(seen).toEqual([then]);
      expect(await flows()).toEqual(later);
    },
  );

  test('reattaches no webhook to a new conversation with the same name', async () => {
    await subject.control('POST', '/options', { studioReattaches: 'late' });
    await subscribe();
    const execution = await detached();
    sink.respond = async (_, response) => {
      await subject.control('POST', '/reset');
      response.end();
    };
    await end(execution);
    await streamed();
    expect(await flows()).toEqual([]);
  });
});

describe('the executions of a conversation', () => {
  test('end together, without those of other conversations', async () => {
    await subscribe();
    const other = await subject.api.conversations.create({});
    await attach();
    await attach(OTHER_FLOW);
    const { webhooks } = subject.api.conversations(other.sid);
    await webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
    await say('Hello');
    await subject.api.conversations(other.sid).messages.create({ body: 'Hi', xTwilioWebhookEnabled: 'true' });
    await subject.executions();
    const path = '/conversations/demo/executions/end';
    const { status, body } = await subject.control('POST', path, { ended_reason: 'CANCELLED' });
    expect(status).toBe(200);
    expect(body.executions).toMatchObject([
      { flow_sid: FLOW, status: 'ended', ended_reason: 'CANCELLED' },
      { flow_sid: OTHER_FLOW, status: 'ended', ended_reason: 'CANCELLED' },
    ]);
    expect((await subject.executions()).map(({ status }) => status)).toEqual(['ended', 'ended', 'active']);
    expect(await streamed()).toHaveLength(2);
    expect((await subject.control('POST', path)).body).toEqual({ executions: [] });
    expect((await subject.control('POST', '/conversations/none/executions/end')).status).toBe(404);
  });

  test('stay active when it is closed or deleted', async () => {
    await subscribe();
    const execution = await detached();
    await demo().update({ state: 'closed' });
    await demo().remove();
    expect(await subject.executions()).toMatchObject([{ status: 'active' }]);
    expect(await end(execution)).toMatchObject({ status: 200, body: { status: 'ended' } });
    expect(await streamed()).toMatchObject([{ event_type: ENDED, conversation_sid: DEMO }]);
  });
});
