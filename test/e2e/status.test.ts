import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { version } from '../../package.json';
import { handler } from '../../src/functions/status';
import { get, post, postJson } from '../support/call';
import { call, installRuntime } from '../support/fault-injection/platform';
import { buildPolicy } from '../support/policy';
import { DEMO_BUNDLE, DEMO_POLICY, type FunctionsOptions, root, startFunctions } from '../support/programs';

// Everybody may ask, so what it does not say matters as much as what it says.

// As they are where it is deployed; made up.
const REAL = {
  ACCOUNT_SID: `AC${'7f3a91c2'.repeat(4)}`,
  AUTH_TOKEN: 'c0ffee51'.repeat(4),
  TWILIO_API_BASE_URL: '',
  TWILIO_EDGE: 'dublin',
  TWILIO_REGION: 'ie1',
  WEBHOOK_URL_ALLOWLIST: 'crm.hidden-bank.example',
  BOT_FLOW_SID: `FW${'4d5e6f70'.repeat(4)}`,
  CRM_URL: 'https://crm.hidden-bank.example/in?key=5ecre7',
};

const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
const assets = join(folder, 'assets');
const policy = join(assets, 'policy.private.json');
cpSync(join(root, DEMO_BUNDLE, 'assets'), assets, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

async function answerOf<T>(
  env: Record<string, string>,
  ask: (url: string) => Promise<T>,
  options: FunctionsOptions = {},
): Promise<T> {
  const functions = await startFunctions({ ...REAL, ...env }, options);
  try {
    return await ask(`${functions.origin}/status`);
  } finally {
    await functions.stop();
  }
}

const READY = { status: 'ready', version, policy_hash: expect.stringMatching(/^[\w-]{6}$/) };
const answered = (body: object) => ({ status: 200, type: expect.stringMatching(/^application\/json/), body });

test('reports ready for any request, and echoes nothing', async () => {
  const sent = {
    ConversationSid: 'CH1',
    AUTH_TOKEN: 'x',
    policy: 'invalid',
    request: 'x',
    '<script>': '$CRM_URL',
  };
  const answers = await answerOf({}, async (url) => [
    await get(url),
    await get(`${url}?${new URLSearchParams(sent)}`),
    await post(url, sent),
    await postJson(url, { ...sent, missing: [[[{}]]], __proto__: null, toString: 1 }),
    await postJson(url, [1, 2, { status: 'incomplete' }]),
  ]);
  for (const answer of answers) expect(answer).toEqual(answered(READY));
});

/** The same of the function's own handler in this process, where nothing has to be started. */
async function answerInProcess(
  env: Record<string, string>,
  policy: string | null = buildPolicy(DEMO_POLICY),
) {
  installRuntime(policy ?? undefined);
  const { status, body } = await call(handler, { ...REAL, ...env, DOMAIN_NAME: 'bots-1234.twil.io' }, {});
  return { status, body };
}

const incomplete = (missing: string[], policy: string) => ({
  status: 200,
  body: { status: 'incomplete', version, missing, policy },
});

test('reports missing variables and an invalid policy over HTTP', async () => {
  const variables = await answerOf({ AUTH_TOKEN: '', CRM_URL: '' }, get);
  expect(variables).toMatchObject(incomplete(['AUTH_TOKEN', 'CRM_URL'], 'ok'));
  writeFileSync(policy, '{"webhooks": {"hidden');
  const invalid = await answerOf({}, get, { assets: relative(root, assets) });
  expect(invalid).toEqual(answered({ status: 'incomplete', version, missing: [], policy: 'invalid' }));
});

test('is ready with all variables', async () => {
  expect(await answerInProcess({})).toEqual({ status: 200, body: READY });
});

test.each<[env: Record<string, string>, missing: string[]]>([
  [{ ACCOUNT_SID: '' }, ['ACCOUNT_SID']],
  [{ ACCOUNT_SID: `SK${'7f3a91c2'.repeat(4)}` }, ['ACCOUNT_SID']],
  [{ AUTH_TOKEN: '' }, ['AUTH_TOKEN']],
  [{ TWILIO_API_BASE_URL: 'http://proxy.hidden-bank.example' }, ['TWILIO_API_BASE_URL']],
  [{ TWILIO_EDGE: 'Dublin', TWILIO_REGION: 'i e1' }, ['TWILIO_EDGE', 'TWILIO_REGION']],
  [{ TWILIO_SERVICE_RETRY_LIMIT: 'hidden' }, ['TWILIO_SERVICE_RETRY_LIMIT']],
  [{ AUTH_TOKEN: '  ', CRM_URL: ' ' }, ['AUTH_TOKEN', 'CRM_URL']],
  [{ BOT_FLOW_SID: '', CRM_URL: '' }, ['BOT_FLOW_SID', 'CRM_URL']],
  [{ AUTH_TOKEN: '', CRM_URL: '' }, ['AUTH_TOKEN', 'CRM_URL']],
])('reports the missing variables of %j without values', async (env, missing) => {
  expect(await answerInProcess(env)).toEqual(incomplete(missing, 'ok'));
});

test('tells a malformed allowlist, and one that lacks a host, from an invalid policy', async () => {
  const malformed = { WEBHOOK_URL_ALLOWLIST: 'https://crm.hidden-bank.example' };
  expect(await answerInProcess(malformed)).toEqual(incomplete(['WEBHOOK_URL_ALLOWLIST'], 'ok'));
  const lacking = { WEBHOOK_URL_ALLOWLIST: 'www.hidden-bank.example' };
  expect(await answerInProcess(lacking)).toEqual(incomplete([], 'disallowed'));
  expect(await answerInProcess({ ...malformed, BOT_FLOW_SID: 'FW1' })).toEqual(
    incomplete(['WEBHOOK_URL_ALLOWLIST'], 'invalid'),
  );
});

test('reports FLEX_ORIGINS with an item that is not an origin', async () => {
  expect(await answerInProcess({ FLEX_ORIGINS: 'https://flex.twilio.com, http://localhost:3000' })).toEqual({
    status: 200,
    body: READY,
  });
  for (const faulty of [
    'https://flex.twilio.com/x',
    'https://flex.twilio.com,',
    '*',
    'http://desk.hidden-bank.example',
  ])
    expect(await answerInProcess({ FLEX_ORIGINS: faulty })).toEqual(incomplete(['FLEX_ORIGINS'], 'ok'));
});

test('ignores spaces around values', async () => {
  const spaced = Object.fromEntries(Object.entries(REAL).map(([name, value]) => [name, ` ${value}\t\n`]));
  expect(await answerInProcess(spaced)).toEqual({ status: 200, body: READY });
});

test.each<[what: string, text: string | null]>([
  ['is no JSON', '{"webhooks": {"hidden'],
  ['is not there', null],
  ['was not built', DEMO_POLICY],
])('reports a policy that %s as invalid, without details', async (_, text) => {
  expect(await answerInProcess({}, text)).toEqual(incomplete([], 'invalid'));
});

test('reports an unusable value as an invalid policy, without the value', async () => {
  const env = { CRM_URL: 'ftp://crm.hidden-bank.example', BOT_FLOW_SID: 'FW1' };
  expect(await answerInProcess(env)).toEqual(incomplete([], 'invalid'));
});
