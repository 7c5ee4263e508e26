import { apiClient } from '../support/api';
import { get, post } from '../support/call';
import { serveFunctions } from '../support/in-process';
import { emulatorEnvironment, freePort, startEmulator, startFunctions } from '../support/programs';
import { startProxy } from '../support/proxy';
import { startReceiver } from '../support/receiver';

// The functions are killed at each point of a hand-off: before and after each of its five API calls. Before the commit nothing
// has changed; after it, one more message once the lease is over ends in the right state. At two of the points a process of
// twilio-run is killed. At the others the handlers run in this process; killed, they reach neither the API any more nor
// whoever waits for their response.

const FlowSid = emulatorEnvironment().BOT_FLOW_SID;
let emulator: Awaited<ReturnType<typeof startEmulator>>;
let functions: Awaited<ReturnType<typeof start>>;
let crm: Awaited<ReturnType<typeof startReceiver>>;
let port: number;
/** Of handlers in this process: nothing ends them but their own deadline. */
const leftBehind: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  [emulator, crm, port] = await Promise.all([startEmulator(), startReceiver(), freePort()]);
});
afterAll(async () => {
  await Promise.all([emulator?.stop(), crm?.stop(), ...leftBehind.map((finished) => finished())]);
});
afterEach(() => functions?.kill());

/** Functions that reach the API by a proxy of their own. */
async function start(inProcess: boolean) {
  const proxy = await startProxy(emulator.origin);
  const env = { TWILIO_API_BASE_URL: proxy.origin, CRM_URL: crm.origin };
  const { origin, stop, ...more } = inProcess
    ? await serveFunctions(env, port)
    : await startFunctions(env, { port });
  if ('finished' in more) leftBehind.push(more.finished);
  let killed: Promise<unknown> | undefined;
  const kill = () => {
    killed ??= Promise.all([proxy.stop(), stop('SIGKILL')]);
    return killed;
  };
  return { origin, proxy, kill };
}

const CALLS: readonly (readonly [name: string, request: RegExp])[] = [
  ['list', /^GET \S+\/Webhooks\?/],
  ['commit', /^POST \S+\/Webhooks\/WH/],
  ['make', /^POST \S+\/Webhooks$/],
  ['break', /^DELETE \S+\/Webhooks\/WH/],
  ['look', /^GET \S+\/Webhooks\?/],
];
const points = CALLS.flatMap(([name], call) =>
  (['request', 'answer'] as const).map((when) => [when, name, call] as const),
);

const REAL = ['request of make', 'answer of commit'];

test.each(points)('recovers after a kill at the %s of: %s', async (when, name, call) => {
  const inProcess = !REAL.includes(`${when} of ${name}`);
  functions = await start(inProcess);
  crm.requests.splice(0);
  const api = apiClient(emulator.origin).conversations;
  const { sid } = await api.create({});
  await api(sid).participants.create({ identity: 'customer' });
  const settled = () => get(`${emulator.origin}/_emulator/idle`);
  const say = async (Body: string) => {
    await post(`${emulator.origin}/_emulator/conversations/${sid}/messages`, { Source: 'SDK', Body });
    await settled();
  };
  const attached = async () =>
    (await api(sid).webhooks.list())
      .map(({ configuration: { flow_sid, url, triggers } }) =>
        flow_sid === FlowSid
          ? 'bot'
          : triggers
            ? 'sos'
            : url === crm.origin
              ? 'crm'
              : new URL(url).searchParams.get('Profile'),
      )
      .sort();
  const heardByBot = async () => {
    const { body } = await get(`${emulator.origin}/_emulator/executions?ConversationSid=${sid}`);
    return body.executions.flatMap(({ messages }: { messages: { Body: string }[] }) =>
      messages.map(({ Body }) => Body),
    );
  };
  const heardByCrm = () =>
    crm.requests.filter(({ params }) => params.WebhookType === 'webhook').map(({ params }) => params.Body);

  await post(`${functions.origin}/webhooks/sync`, { ConversationSid: sid, Profile: 'bot' });
  await say('hello');

  const seen: string[] = [];
  functions.proxy.seen = (now, request) => {
    if (now === 'request') seen.push(request);
    const isPoint = seen.length === call + 1 && now === when;
    if (isPoint) functions.kill();
    return !isPoint && seen.length <= call + 1;
  };
  await say('I need a human');
  await functions.kill();
  expect(seen.slice(0, call + 1)).toEqual(
    CALLS.slice(0, call + 1).map(([, request]) => expect.stringMatching(request)),
  );
  functions = await start(inProcess);

  const committed = call > 1 || (call === 1 && when === 'answer');
  if (!committed) {
    expect(await attached()).toEqual(['bot', 'bot', 'sos']);
    expect(await heardByBot()).toEqual(['hello', 'I need a human']);
    await say('a human, please');
  } else {
    await post(`${emulator.origin}/_emulator/clock`, { advance: '11' });
    await say('hello?');
  }
  expect(await attached()).toEqual(['agent', 'crm', 'sos']);
  const expected = committed ? ['I need a human', 'hello?'] : ['a human, please'];
  expect([...new Set(heardByCrm())]).toEqual(expected);
});
