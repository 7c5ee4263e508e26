import { apiClient } from '../support/api';
import { useAssets } from '../support/assets';
import { get, post, postJson } from '../support/call';
import { tellOfExecutions } from '../support/executions';
import { linesOf } from '../support/log-lines';
import { DEMO_POLICY, type Program, startEmulator, startFunctions } from '../support/programs';
import { useReceiver } from '../support/stack';

// A rule hands a conversation over and another one brings it back: whose execution gets what is said then?

type Listening = Program & { readonly origin: string };

const CUSTOMER = '+15005550123';
const OUR_NUMBERS = ['+15005550001', '+15005550002'];
const back = {
  on: 'onMessageAdded',
  from: ['agent'],
  when: { Body: { words: ['robot'] }, Source: 'SMS' },
  profile: 'bot',
  replay: 'this',
};

const crm = useReceiver();
const assetsWith = useAssets();
let emulator: Listening;
let api: ReturnType<typeof apiClient>;
/** With `endExecutions`, and without. */
let ending: Listening;
let leaving: Listening;
let conversation: string;

beforeAll(async () => {
  emulator = await startEmulator();
  api = apiClient(emulator.origin);
  [ending, leaving] = await Promise.all([start(true), start(false)]);
});
afterAll(async () => {
  await Promise.all([ending, leaving, emulator].map((program) => program?.stop('SIGKILL')));
});
beforeEach(() => post(`${emulator.origin}/_emulator/reset`, {}));

function start(endExecutions: boolean): Promise<Listening> {
  const policy = JSON.parse(DEMO_POLICY);
  policy.webhooks.bot.endExecutions = endExecutions;
  policy.rules.push(back);
  const env = { TWILIO_API_BASE_URL: emulator.origin, CRM_URL: crm.origin };
  return startFunctions(env, { assets: assetsWith(policy) });
}

const option = (name: string, value: string) =>
  post(`${emulator.origin}/_emulator/options`, { [name]: value });
const fault = (match: object, act: object) =>
  postJson(`${emulator.origin}/_emulator/faults`, { match, do: act });
const settled = () => get(`${emulator.origin}/_emulator/idle`);
/** A conversation of the customer that these functions manage. */
const open = async (functions: Listening, ourNumber = OUR_NUMBERS[0]!) => {
  const { sid } = await api.conversations.create({});
  await api.conversations(sid).participants.create({
    'messagingBinding.address': CUSTOMER,
    'messagingBinding.proxyAddress': ourNumber,
  });
  await post(`${functions.origin}/webhooks/sync`, { ConversationSid: sid, Profile: 'bot' });
  return sid;
};
const say = async (Body: string, to = conversation) => {
  await post(`${emulator.origin}/_emulator/conversations/${to}/messages`, { Source: 'SMS', Body });
  await settled();
};
const sync = (functions: Listening, form: Record<string, string>) =>
  post(`${functions.origin}/webhooks/sync`, { ConversationSid: conversation, ...form });
/** The executions of a conversation: whether each is active, and what it was sent. */
const executions = async (of = conversation) => {
  const { body } = await get(`${emulator.origin}/_emulator/executions?ConversationSid=${of}`);
  return body.executions.map(({ status, messages }: { status: string; messages: { Body: string }[] }) => [
    status,
    ...messages.map(({ Body }) => Body),
  ]);
};
const flows = async () =>
  (await api.conversations(conversation).webhooks.list()).filter(({ target }) => target === 'studio').length;

describe.each(['conversation', 'customer'])('with contactChannelAddress=%s', (contactChannelAddress) => {
  beforeEach(() => option('contactChannelAddress', contactChannelAddress));

  test('a rule hands over, another brings back, and a new execution gets the message', async () => {
    conversation = await open(ending);
    await say('hello');
    await say('a human please');
    expect(await executions()).toEqual([['ended', 'hello', 'a human please']]);
    await say('give me the robot');
    expect(await executions()).toEqual([
      ['ended', 'hello', 'a human please'],
      ['active', 'give me the robot'],
    ]);
  });

  test('without endExecutions, the old execution keeps the message', async () => {
    conversation = await open(leaving);
    await say('hello');
    await say('a human please');
    await say('give me the robot');
    expect(await executions()).toEqual([['active', 'hello', 'a human please', 'give me the robot']]);
  });

  test('leaves the customer’s other conversation alone', async () => {
    const other = await open(ending, OUR_NUMBERS[1]);
    conversation = await open(ending);
    for (const sid of [other, conversation]) await say('hello', sid);
    await say('a human please');
    expect(await executions()).toMatchObject([['ended', 'hello', 'a human please']]);
    expect(await executions(other)).toEqual([['active', 'hello']]);
  });
});

test('the decision stands when Studio refuses, and the log warns', async () => {
  conversation = await open(ending);
  await say('hello');
  await fault({ path: '/v2/*' }, { status: 403, code: 20403, message: 'Forbidden' });
  await say('a human please');
  expect(linesOf(ending, conversation).at(-1)).toMatchObject({
    status: 200,
    result: 'changed',
    to: 'agent',
    steps: ['update router', 'create crm', 'delete bot'],
    warnings: ['could not end the executions of bot: 20403 Forbidden'],
  });
  expect(await executions()).toMatchObject([['active', 'hello', 'a human please']]);
});

test('the executions of a conversation end when it is closed', async () => {
  conversation = await open(ending);
  await say('hello');
  await api.conversations(conversation).update({ state: 'closed', xTwilioWebhookEnabled: 'true' });
  await settled();
  expect(await executions()).toEqual([['ended', 'hello']]);
});

test('a call ends none, unless with EndExecutions=true', async () => {
  conversation = await open(ending);
  await say('hello');
  await sync(ending, { Profile: 'agent' });
  expect(await executions()).toEqual([['active', 'hello']]);
  await sync(ending, { Profile: 'bot' });
  const planned = await sync(ending, { Profile: 'agent', EndExecutions: 'true', DryRun: 'true' });
  expect(planned.body.plan.at(-1)).toEqual({
    step: 'endExecution',
    webhook: 'bot',
    why: 'not in profile agent',
  });
  expect(await executions()).toEqual([['active', 'hello']]);
  const { body } = await sync(ending, { Profile: 'agent', EndExecutions: 'true' });
  expect(body.plan.at(-1)).toMatchObject({
    step: 'endExecution',
    webhook: 'bot',
    sid: expect.stringMatching(/^FN/),
  });
  expect(await executions()).toEqual([['ended', 'hello']]);
});

test.each(['off', 'on', 'late'])(
  'the flow is detached in the end with studioReattaches=%s',
  async (studioReattaches) => {
    await option('studioReattaches', studioReattaches);
    await tellOfExecutions(emulator.origin, ending.origin);
    conversation = await open(ending);
    await say('hello');
    await say('a human please');
    // What Studio attaches after it has reported the end, the next message takes away once the run must be over.
    if (studioReattaches === 'late') {
      expect(await flows()).toBe(1);
      await post(`${emulator.origin}/_emulator/clock`, { advance: '11' });
      await say('still there?');
    }
    expect(await flows()).toBe(0);
  },
);
