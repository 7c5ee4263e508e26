// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable

import { apiClient } from '../support/api';
import { useAssets } from '../support/assets';
import { get, post, postJson } from '../support/call';
import { linesOf } from '../support/log-lines';
import { type Program, startEmulator, startFunctions } from '../support/programs';
import { useReceiver } from '../support/stack';

// A desk with a lane for VIP customers, by the conversation's attributes, and with opening hours.

type Listening = Program & { readonly origin: string };

const hook = (name: string) => ({
  target: 'webhook',
  url: `\${CRM_URL}/${name}`,
  filters: ['onMessageAdded'],
});
const asks = {
  on: 'onMessageAdded',
  from: ['bot'],
  when: { Body: { words: ['agent'] }, Source: { not: 'API' } },
  replay: 'this',
};
const policy = {
  webhooks: { bot: hook('bot'), vip: hook('vip'), desk: hook('desk'), notes: hook('notes') },
  profiles: { bot: ['bot'], vip: ['vip'], desk: ['desk'], notes: ['notes'] },
  calendars: {
    office: { timeZone: 'Europe/Berlin', open: { 'mon-fri': ['09:00-18:00'] } },
  },
  rules: [
    {
      name: 'vip-lane',
      on: 'onMessageAdded',
      from: ['bot'],
      when: { 'Conversation.Attributes.tier': 'gold', Source: { not: 'API' } },
      profile: 'vip',
      replay: 'this',
    },
    { ...asks, name: 'by-day', during: 'office', profile: 'desk' },
    { ...asks, name: 'by-night', outside: 'office', profile: 'notes' },
  ],
};

const receiver = useReceiver();
const assetsWith = useAssets();
let emulator: Listening;
let functions: Listening;
let api: ReturnType<typeof apiClient>;

beforeAll(async () => {
  emulator = await startEmulator();
  api = apiClient(emulator.origin);
  functions = await startFunctions(
    { TWILIO_API_BASE_URL: emulator.origin, CRM_URL: receiver.origin, TWILIO_SERVICE_RETRY_LIMIT: '0' },
    { assets: assetsWith(policy) },
  );
});
afterAll(async () => {
  await Promise.all([functions, emulator].map((program) => program?.stop('SIGKILL')));
});
beforeEach(async () => {
  await post(`${emulator.origin}/_emulator/reset`, {});
  receiver.requests.splice(0);
});

/** A conversation in the profile of the bot. */
async function open(tier: string): Promise<string> {
  const { sid } = await api.conversations.create({ attributes: JSON.stringify({ tier }) });
  await api.conversations(sid).participants.create({ identity: 'customer' });
  await post(`${functions.origin}/webhooks/sync`, { ConversationSid: sid, Profile: 'bot' });
  return sid;
}
async function say(conversation: string, Body: string) {
  const url = `${emulator.origin}/_emulator/conversations/${conversation}/messages`;
  await post(url, { Source: 'SDK', Body, Attributes: '{"tier":"message"}' });
  await get(`${emulator.origin}/_emulator/idle`);
}
const profileOf = async (conversation: string) => {
  const { body } = await post(`${functions.origin}/webhooks/sync`, { ConversationSid: conversation });
  return body.profile;
};
const heardBy = (name: string) =>
  receiver.requests.filter(({ url }) => url.endsWith(`/${name}`)).map(({ params }) => params.Body);
/** How often the conversation itself was fetched. */
const fetches = async (conversation: string) => {
  const { body } = await get(`${emulator.origin}/_emulator/requests`);
  return body.requests.filter(
    ({ method, path }: { method: string; path: string }) =>
      method === 'GET' && path.endsWith(`/Conversations/${conversation}`),
  ).length;
};
/** Advances the emulator's clock to a day of the week, at 10:00 UTC: before noon in Berlin. */
async function advanceTo(weekday: 'Wed' | 'Sun') {
  const { body } = await get(`${emulator.origin}/_emulator/clock`);
  const now = Date.parse(body.now);
  const days = Array.from({ length: 9 }, (_, i) => new Date(now + i * 86_400_000));
  const mornings = days.map((day) => Date.parse(`${day.toISOString().slice(0, 10)}T10:00:00Z`));
  const next = mornings.find((time) => time > now && new Date(time).toUTCString().startsWith(weekday))!;
  await post(`${emulator.origin}/_emulator/clock`, { advance: String((next - now) / 1000) });
}

test('one rule moves VIP customers to the VIP desk, by the attributes of their conversation', async () => {
  const [gold, iron] = [await open('gold'), await open('iron')];
  await say(gold, 'hello');
  await say(iron, 'good morning');
  expect(await profileOf(gold)).toBe('vip');
  expect(await profileOf(iron)).toBe('bot');
  expect(heardBy('vip')).toEqual(['hello']);
  expect(await Promise.all([gold, iron].map(fetches))).toEqual([1, 1]);
  await api.conversations(iron).update({ attributes: '{"tier":"gold"}' });
  await say(iron, 'and now?');
  expect(await profileOf(iron)).toBe('vip');
  expect(heardBy('vip')).toEqual(['hello', 'and now?']);
});

test('office hours decide who gets the customer, and nothing changes at closing time', async () => {
  await advanceTo('Wed');
  const byDay = await open('iron');
  await say(byDay, 'an agent, please');
  expect(await profileOf(byDay)).toBe('desk');
  await advanceTo('Sun');
  expect(await profileOf(byDay)).toBe('desk');
  const byNight = await open('iron');
  await say(byNight, 'is there an agent?');
  expect(await profileOf(byNight)).toBe('notes');
  expect([heardBy('desk'), heardBy('notes')]).toEqual([['an agent, please'], ['is there an agent?']]);
  expect(linesOf(functions, byNight).find(({ rule }) => rule)).toMatchObject({ rule: 'by-night' });
});

test('without the conversation its fields decide nothing, and the log has a warning', async () => {
  await advanceTo('Wed');
  const conversation = await open('gold');
  await postJson(`${emulator.origin}/_emulator/faults`, {
    match: { method: 'GET', path: `*/Conversations/${conversation}` },
    do: { status: 500, code: 20500, message: 'about tier gold' },
  });
  await say(conversation, 'an agent, please');
  expect(await profileOf(conversation)).toBe('desk');
  const line = linesOf(functions, conversation).find(({ rule }) => rule)!;
  expect(line).toMatchObject({ rule: 'by-day' });
  expect(line.warnings).toEqual([
    'the conversation could not be fetched (error 20500), so no condition on its fields holds',
  ]);
  expect(JSON.stringify(line)).not.toContain('gold');
});
