import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onScreen } from '../../cli/wrap';
import { apiClient } from '../support/api';
import { get, post } from '../support/call';
import { policyFolder } from '../support/policy-folder';
import { emulatorEnvironment, root, runToEnd } from '../support/programs';
import { useStack } from '../support/stack';

// The built setup and call programs, against the built functions under twilio-run and the emulator.

const OUR_NUMBER = '+15005550001';
const { emulator, functions } = useStack();
let env: Record<string, string>;
const project = policyFolder();

beforeAll(async () => {
  env = {
    ...emulatorEnvironment(),
    TWILIO_API_BASE_URL: emulator.origin,
    CONVERSATION_WEBHOOKS_URL: functions.origin,
  };
});
afterAll(() => project.remove());
beforeEach(async () => {
  await post(`${emulator.origin}/_emulator/reset`, {});
});

const setup = async (...args: string[]) =>
  expect(await runToEnd('build/cli.js', ['setup', '--yes', ...args], env, project.folder)).toMatchObject({
    code: 0,
    stderr: '',
  });
const call = (...args: string[]) => runToEnd('build/cli.js', ['call', ...args], env);
async function callJson(...args: string[]) {
  const { code, stdout } = await call(...args, '--json');
  return { code, body: JSON.parse(stdout) };
}
const settled = () => get(`${emulator.origin}/_emulator/idle`);
const targets = async (sid: string, ...where: string[]) => {
  const { body } = await callJson('list', `ConversationSid=${sid}`, ...where);
  return body.webhooks.map(({ target }: { target: string }) => target).sort();
};

/** A message from an unknown number opens a managed conversation. */
async function inbound(serviceSid?: string) {
  await apiClient(emulator.origin).addressConfigurations.create({
    type: 'sms',
    address: OUR_NUMBER,
    'autoCreation.enabled': true,
    ...(serviceSid && { 'autoCreation.conversationServiceSid': serviceSid }),
  });
  const { body } = await post(`${emulator.origin}/_emulator/inbound`, {
    From: '+15005550123',
    To: OUR_NUMBER,
    Body: 'Hello',
  });
  await settled();
  return `${body.conversation_sid}`;
}

/** Ends the flow. @returns what Event Streams delivered, and what the functions requested of the API */
async function endFlow() {
  const { executions } = (await get(`${emulator.origin}/_emulator/executions`)).body;
  await fetch(`${emulator.origin}/_emulator/requests`, { method: 'DELETE' });
  await post(`${emulator.origin}/_emulator/executions/${executions[0].sid}/end`, {});
  await settled();
  const { deliveries } = (await get(`${emulator.origin}/_emulator/deliveries`)).body;
  const { requests } = (await get(`${emulator.origin}/_emulator/requests`)).body;
  return {
    delivered: deliveries.filter(({ level }: { level: string }) => level === 'event_streams'),
    requests,
  };
}

test('setup makes new conversations get their webhooks, and reports the end of their flows', async () => {
  await setup();
  const sid = await inbound();
  expect(await targets(sid)).toEqual(['studio', 'trigger', 'webhook']);
  const { delivered, requests } = await endFlow();
  expect(delivered).toMatchObject([
    { url: expect.stringContaining(`${functions.origin}/events/studio?body`), status: 200 },
  ]);
  expect(requests).toMatchObject([
    { method: 'GET', path: expect.stringContaining(`/v1/Conversations/${sid}/Webhooks`), status: 200 },
  ]);
});

test('setup --service does so for the conversations of a service', async () => {
  const { sid: service } = await apiClient(emulator.origin).services.create({ friendlyName: 'Support' });
  await setup('--service', service);
  const sid = await inbound(service);
  expect(await targets(sid, `ServiceSid=${service}`)).toEqual(['studio', 'trigger', 'webhook']);
  const { delivered, requests } = await endFlow();
  expect(delivered).toMatchObject([
    { url: expect.stringContaining(`/events/studio?ServiceSid=${service}`), status: 200 },
  ]);
  expect(requests).toMatchObject([
    {
      method: 'GET',
      path: expect.stringContaining(`/v1/Services/${service}/Conversations/${sid}/Webhooks`),
      status: 200,
    },
  ]);
});

test('setup keeps the method GET of a pre-event webhook, and conversations get their webhooks', async () => {
  const settings = { preWebhookUrl: 'https://them.example/pre', filters: ['onMessageAdd'], method: 'GET' };
  await apiClient(emulator.origin).configuration.webhooks().update(settings);
  await setup();
  expect(await targets(await inbound())).toEqual(['studio', 'trigger', 'webhook']);
});

test('call reaches each function', async () => {
  const conversation = 'ConversationSid=demo';
  const attached = await callJson(
    'attach',
    conversation,
    'Target=webhook',
    'Url=https://crm.example/in?a=b&c=d',
    'Filters=onMessageAdded',
    'Filters=onMessageRemoved',
  );
  expect(attached).toMatchObject({
    code: 0,
    body: {
      result: 'created',
      configuration: {
        url: 'https://crm.example/in?a=b&c=d',
        filters: ['onMessageAdded', 'onMessageRemoved'],
      },
    },
  });
  const sid = `Sid=${attached.body.sid}`;
  expect(await callJson('update', conversation, sid, 'Method=get')).toMatchObject({
    code: 0,
    body: { result: 'updated' },
  });
  expect(await callJson('fetch', conversation, sid)).toMatchObject({
    code: 0,
    body: { configuration: { method: 'get' } },
  });
  expect(await callJson('sync', conversation, 'Profile=bot')).toMatchObject({
    code: 0,
    body: { profile: 'bot', result: 'changed' },
  });
  expect(await callJson('detach', conversation, 'All=true')).toMatchObject({ code: 0, body: { count: 4 } });
  expect(await callJson('/events/conversation', 'EventType=onUserAdded', conversation)).toMatchObject({
    code: 0,
    body: { result: 'ignored' },
  });
});

test('call prints a list, and an error as a line', async () => {
  await callJson('sync', 'ConversationSid=demo', 'Profile=bot');
  const { code, stdout } = await call('list', 'ConversationSid=demo');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^200 OK\ncount {2}3\nfree {3}2\n\nwebhooks:\nsid {10}WH\w{32}\npolicy_name {2}router\ntarget {7}webhook\ncalls {8}http/,
  );
  expect(stdout).toMatch(/^policy_name {2}bot\ntarget {7}studio\ncalls {8}FW0{31}1\n\nsid {10}WH/m);
  const refused = await call('list', 'ConversationSid=nobody');
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^404, error 20404: /m),
  });
});

describe('docs/operating.md', () => {
  const page = readFileSync(join(root, 'docs', 'operating.md'), 'utf8');
  const examples = [...page.matchAll(/^npm run (setup|call) -- (.*)$/gm)].map(
    ([, name, args]) => [name!, args!.split(' ')] as const,
  );
  const text = [...page.matchAll(/```text\n(.*?)```/gs)].map(([, shown]) => shown!);
  const masked = (output: string) =>
    output.replace(
      /(WH)\w{32}|(?:At|Done|Own|Policy)=[\w.-]+|https?:\/\/(localhost|127\.0\.0\.1|conversations\.twilio\.com)(:\d+)?/g,
      '$1',
    );
  const run = (name: string, args: readonly string[]) =>
    runToEnd('build/cli.js', [name, ...args], env, project.folder);

  test('shows what its examples of setup print', async () => {
    const [first, ...others] = examples.filter(([name]) => name === 'setup');
    const { stdout } = await run('setup', [...first![1], '--dry-run']);
    expect(masked(`${onScreen(stdout, 80)}Apply this plan? [y/N]\n`)).toBe(masked(text[0]!));
    expect(others.map(([, args]) => args.join(' '))).toEqual([
      '--url http://localhost:3000 --env .env.emulator --dry-run',
      '--url https://conversation-webhooks-1234-dev.twil.io --check',
    ]);
  });

  test('has working examples of call, and shows what the last one prints', async () => {
    const calls = examples.filter(([name]) => name === 'call');
    expect(calls).toHaveLength(3);
    let last = '';
    for (const [name, args] of calls) {
      const { code, stdout } = await run(name, args);
      expect(code).toBe(0);
      last = stdout;
    }
    // Ports differ in width, and so do columns.
    const words = (output: string) => masked(output).replace(/ +/g, ' ');
    expect(words(last)).toBe(words(text.at(-1)!));
  });
});
