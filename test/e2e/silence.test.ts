import { post } from '../support/call';
import { type Subject, startEmulator } from '../support/emulator';
import { emulatorEnvironment, freePort, type Program, startFunctions } from '../support/programs';
import { startProxy } from '../support/proxy';
import { useReceiver } from '../support/stack';

// A change that died, and then nobody writes for an hour. The emulator's clock starts in the past: advanced, it is not ahead of
// the functions' own.

const HOUR_S = 3_600;
const FlowSid = emulatorEnvironment().BOT_FLOW_SID;
const crm = useReceiver();
let emulator: Subject;
let port: number;
let functions: Program & { origin: string };
let conversation: string;

beforeAll(async () => {
  emulator = await startEmulator({ now: () => Date.now() - 2 * HOUR_S * 1000 });
  port = await freePort();
});
afterAll(() => emulator?.stop());
beforeEach(async () => {
  crm.requests.splice(0);
  const { conversations } = emulator.api;
  conversation = (await conversations.create({})).sid;
  await conversations(conversation).participants.create({ identity: 'customer' });
});
afterEach(() => functions?.stop('SIGKILL'));

const start = (api: string) => startFunctions({ TWILIO_API_BASE_URL: api, CRM_URL: crm.origin }, { port });
const sync = (form: Record<string, string>) =>
  post(`${functions.origin}/webhooks/sync`, { ConversationSid: conversation, ...form });
const say = async (Body: string) => {
  await emulator.control('POST', `/conversations/${conversation}/messages`, { Source: 'SDK', Body });
  await emulator.control('GET', '/idle');
};
const attached = async () =>
  (await emulator.api.conversations(conversation).webhooks.list())
    .map(({ configuration: { flow_sid, url = '' } }) =>
      flow_sid === FlowSid ? 'bot' : url.replace(crm.origin, 'crm').replace(/^.*Profile=(\w+).*$/, '$1'),
    )
    .sort();
const heardByCrm = () =>
  crm.requests.filter(({ url }) => url === `${crm.origin}/`).map(({ params }) => params.Body);

test.each([
  ['the commit', /^POST \S+\/Webhooks\/WH/],
  ['the create', /^POST \S+\/Webhooks$/],
])('the first message after an hour finishes a hand-off that died after %s', async (_, last) => {
  const proxy = await startProxy(emulator.origin);
  functions = await start(proxy.origin);
  await sync({ Profile: 'bot' });
  await say('hello');
  let killed: Promise<void> | undefined;
  proxy.seen = (when, request) => {
    if (when === 'answer' && last.test(request)) killed ??= functions.stop('SIGKILL');
    return killed === undefined;
  };
  await say('I need a human');
  await killed;
  await proxy.stop();
  expect(killed).toBeDefined();

  await emulator.control('POST', '/clock', { advance: HOUR_S });
  functions = await start(emulator.origin);
  await say('is anybody there?');
  expect(await attached()).toEqual(['agent', 'crm', 'crm/urgent']);
  expect([...new Set(heardByCrm())]).toEqual(['I need a human', 'is anybody there?']);
  expect((await sync({})).body).toMatchObject({ result: 'unchanged', calls: 1 });
});
