import { useAssets } from '../support/assets';
import { fires, type Subject, startEmulator } from '../support/emulator';
import { linesOf } from '../support/log-lines';
import { type Program, startFunctions } from '../support/programs';
import { readRecipes } from '../support/recipes';
import { useReceiver } from '../support/stack';

// The support desk of docs/policy.md over a week, as its customers meet it.

const FLOWS = { triage: `FW${'1'.repeat(32)}`, night: `FW${'2'.repeat(32)}` };
const recipe = readRecipes().find(({ name }) => name === 'A support desk')!;

const desks = useReceiver();
const assetsWith = useAssets();
/** Berlin's office opens at eight o'clock UTC in winter, and closes at five. */
let now = '2026-11-23T00:00:00Z';
let emulator: Subject;
let functions: Program & { origin: string };
let conversation: string;

beforeAll(async () => {
  emulator = await startEmulator({ now: () => Date.parse(now) });
  functions = await startFunctions(
    {
      TWILIO_API_BASE_URL: emulator.origin,
      TRIAGE_FLOW_SID: FLOWS.triage,
      NIGHT_FLOW_SID: FLOWS.night,
      DESK_URL: `${desks.origin}/desk`,
      SUPERVISOR_URL: `${desks.origin}/supervisor`,
    },
    { assets: assetsWith(recipe.policy) },
  );
  await emulator.api.configuration.webhooks().update({
    postWebhookUrl: `${functions.origin}/events/conversation`,
    filters: ['onConversationAdded'],
  });
});
afterAll(async () => {
  await Promise.all([functions?.stop('SIGKILL'), emulator?.stop()]);
});
beforeEach(() => {
  desks.requests.splice(0);
});

const settled = () => emulator.control('GET', '/idle');
const begin = async (customer: string, attributes: object = {}) => {
  const type = /^\w+:/.exec(customer)?.[0] ?? '';
  const { conversations } = emulator.api;
  conversation = (await conversations.create({ attributes: JSON.stringify(attributes), ...fires })).sid;
  await conversations(conversation).participants.create({
    'messagingBinding.address': customer,
    'messagingBinding.proxyAddress': `${type}+15005550001`,
  });
  await settled();
};
const say = async (Body: string, Source = 'whatsapp') => {
  await emulator.control('POST', `/conversations/${conversation}/messages`, { Source, Body });
  await settled();
};
const moveTo = async (state: 'inactive' | 'closed') => {
  await emulator.api.conversations(conversation).update({ state, ...fires });
  await settled();
};
/** The rules that decided, in order. */
const rules = () => linesOf(functions, conversation).flatMap(({ rule }) => rule ?? []);
const heardBy = (path: string) =>
  desks.requests.filter(({ url }) => new URL(url).pathname === path).map(({ params }) => params.Body);
/** The executions of a flow: whether each is active, and what it was sent. */
const executions = async (flow: keyof typeof FLOWS) =>
  (await emulator.executions())
    .filter(({ conversation_sid, flow_sid }) => conversation_sid === conversation && flow_sid === FLOWS[flow])
    .map(({ status, messages }) => [status, ...messages.map(({ Body }) => Body)]);
const attached = async () =>
  (await emulator.api.conversations(conversation).webhooks.list())
    .map(({ configuration: { flow_sid, url = '' } }) => {
      const flow = Object.entries(FLOWS).find(([, sid]) => sid === flow_sid)?.[0];
      return flow ?? (url.startsWith(desks.origin) ? new URL(url).pathname : 'router');
    })
    .sort();

test('a customer talks to the bot, then to a person, and the supervisor reads all of the complaint', async () => {
  now = '2026-11-23T09:00:00Z';
  await begin('whatsapp:+15005550101');
  await say('Guten Morgen');
  now = '2026-11-23T09:05:00Z';
  await say('Einen Mitarbeiter, bitte!');
  expect(await executions('triage')).toEqual([['ended', 'Guten Morgen', 'Einen Mitarbeiter, bitte!']]);
  now = '2026-11-23T09:10:00Z';
  await say('Das gibt eine BESCHWERDE');
  expect(await attached()).toEqual(['/desk', '/supervisor', 'router']);
  expect(heardBy('/desk')).toEqual(['Einen Mitarbeiter, bitte!', 'Das gibt eine BESCHWERDE']);
  expect(heardBy('/supervisor')).toEqual([
    'Guten Morgen',
    'Einen Mitarbeiter, bitte!',
    'Das gibt eine BESCHWERDE',
  ]);
  expect(rules()).toEqual(['begins', 'asks-for-human', 'complains']);
});

test('a VIP has the desk of their own at night, and comes back to it', async () => {
  now = '2026-11-23T20:00:00Z';
  await begin('+15005550102', { tier: 'gold' });
  await say('Hello', 'SMS');
  now = '2026-11-23T20:30:00Z';
  await moveTo('inactive');
  expect(await attached()).toEqual(['router']);
  now = '2026-11-24T02:00:00Z';
  await say('One more thing', 'SMS');
  now = '2026-11-24T02:10:00Z';
  await say('Where is your manager?', 'SMS');
  expect(await attached()).toEqual(['/desk/vip', '/supervisor', 'router']);
  expect(heardBy('/desk/vip')).toEqual(['Hello', 'One more thing', 'Where is your manager?']);
  expect(rules()).toEqual(['vip-begins', 'falls-silent', 'vip-returns', 'vip-complains']);
});

test('one who becomes a VIP leaves the bot for that desk', async () => {
  now = '2026-11-24T09:00:00Z';
  await begin('whatsapp:+15005550103');
  await emulator.api.conversations(conversation).update({ attributes: '{"tier":"platinum"}' });
  await say('¡Una persona!');
  expect(rules()).toEqual(['begins', 'vip-asks-for-human']);
  expect(heardBy('/desk/vip')).toEqual(['¡Una persona!']);
});

test('at night another flow answers, and the bot is back in the morning', async () => {
  now = '2026-11-24T16:59:00Z';
  await begin('whatsapp:+15005550104');
  await say('Hola');
  now = '2026-11-24T17:00:00Z';
  await say('an agent?');
  now = '2026-11-25T07:59:00Z';
  await say('still there?');
  now = '2026-11-25T08:00:00Z';
  await say('good morning');
  expect(await executions('triage')).toEqual([
    ['ended', 'Hola', 'an agent?'],
    ['active', 'good morning'],
  ]);
  expect(await executions('night')).toEqual([['ended', 'an agent?', 'still there?', 'good morning']]);
  expect(rules()).toEqual(['begins', 'writes-at-night', 'writes-by-day']);
});

test('a parked conversation opens again, a closed one has no webhooks, and its customer begins anew', async () => {
  now = '2026-11-28T12:00:00Z';
  await begin('whatsapp:+15005550105');
  await moveTo('inactive');
  now = '2026-11-28T13:30:00Z';
  await say('Saturday, two o’clock');
  expect(await executions('night')).toEqual([['active', 'Saturday, two o’clock']]);
  now = '2026-11-28T13:40:00Z';
  await moveTo('closed');
  expect(await attached()).toEqual(['router']);
  now = '2026-11-28T13:50:00Z';
  await begin('whatsapp:+15005550105');
  expect(rules()).toEqual(['begins-at-night']);
});

test('each of its rules has decided here', () => {
  const decided = new Set(
    functions
      .output()
      .split('\n')
      .flatMap((line) => /"rule":"([\w-]+)"/.exec(line)?.[1] ?? []),
  );
  expect([...decided].sort()).toEqual(
    JSON.parse(recipe.policy)
      .rules.map(({ name }: { name: string }) => name)
      .sort(),
  );
});
