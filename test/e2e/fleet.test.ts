import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { apiClient } from '../support/api';
import { useAssets } from '../support/assets';
import { get, post } from '../support/call';
import { policyFolder } from '../support/policy-folder';
import {
  DEMO_POLICY,
  emulatorEnvironment,
  type Program,
  root,
  runToEnd,
  startEmulator,
  startFunctions,
} from '../support/programs';
import { until } from '../support/until';

// A team changes its policy and its domain, and brings hundreds of conversations to it while customers write.

const CONVERSATIONS = 200;
const PLAN = 'report.jsonl';
const JOURNAL = 'roll-out.jsonl';

type Server = Program & { readonly origin: string };

const project = policyFolder();
const assetsWith = useAssets();
const running: Server[] = [];
let emulator: Server;
let variables: Record<string, string>;
beforeAll(async () => {
  emulator = await startEmulator();
  running.push(emulator);
  variables = { ...emulatorEnvironment(), TWILIO_API_BASE_URL: emulator.origin };
});
afterAll(async () => {
  await Promise.all(running.map((program) => program.stop('SIGKILL')));
  project.remove();
});

/** Deploys a policy beside what runs, and has the commands compare with it. */
async function deploy(policy: object, more: Record<string, string>): Promise<Server> {
  project.write(JSON.stringify(policy));
  Object.assign(variables, more);
  const functions = await startFunctions(variables, { assets: assetsWith(policy) });
  running.push(functions);
  variables.CONVERSATION_WEBHOOKS_URL = functions.origin;
  return functions;
}

const fleet = (...args: string[]) => runToEnd('build/cli.js', ['fleet', ...args], variables, project.folder);

/** The same, killed as soon as the journal has so many results. */
async function killedAt(results: number, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'build/cli.js'), 'fleet', ...args], {
    cwd: project.folder,
    env: { PATH: process.env.PATH ?? '', ...variables },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await until(
    () => done().length >= results,
    () => `the journal has ${done().length} results`,
  );
  child.kill('SIGKILL');
  expect((await ended)[1]).toBe('SIGKILL');
}

/** The conversations that a run has changed so far. */
function done(): string[] {
  const path = join(project.folder, JOURNAL);
  const whole = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  return whole.flatMap((line) => {
    const { conversation, result } = JSON.parse(line);
    return result === 'changed' ? [conversation] : [];
  });
}

const say = (conversation: string, Body: string) =>
  post(`${emulator.origin}/_emulator/conversations/${conversation}/messages`, { Source: 'SDK', Body });

/** Customers who write, until they are told to stop; some of those whose conversation has moved ask for a human. */
function customers(conversations: readonly string[]) {
  const handedOff = new Set<string>();
  let isOpen = true;
  const writing = (async () => {
    for (let i = 0; isOpen; i++) {
      await say(conversations[(i * 7) % conversations.length]!, 'hello');
      const moved = done().find((sid) => !handedOff.has(sid));
      if (moved !== undefined && i % 4 === 0) {
        handedOff.add(moved);
        await say(moved, 'a human, please');
      }
      await setTimeout(20);
    }
    await get(`${emulator.origin}/_emulator/idle`);
  })();
  return async () => {
    isOpen = false;
    await writing;
    return handedOff;
  };
}

const policy = JSON.parse(DEMO_POLICY);
const { sos: _, ...webhooks } = policy.webhooks;
/** A new CRM, one webhook less, a profile with another name, and another domain. */
const changed = (formerDomain: string) => ({
  ...policy,
  webhooks,
  profiles: { bot: ['bot'], human: ['crm'], closed: [] },
  formerProfiles: { agent: 'human' },
  formerDomains: [formerDomain],
  rules: policy.rules.map((rule: { profile: string }) =>
    rule.profile === 'agent' ? { ...rule, profile: 'human' } : rule,
  ),
});

test('rolls a policy and a domain out over hundreds of conversations, killed twice, while customers write', async () => {
  const crm = `${emulator.origin}/_emulator/receiver`;
  const old = await deploy(policy, { CRM_URL: `${crm}/old` });
  const { conversations } = (
    await post(`${emulator.origin}/_emulator/seed`, { conversations: `${CONVERSATIONS}` })
  ).body;

  // Conversations that were there before the bundle.
  expect(await fleet('report')).toMatchObject({ code: 0, stderr: '' });
  expect(await fleet('sync', '--profile', 'bot', '--yes')).toMatchObject({ code: 0, stderr: '' });
  for (const sid of conversations.slice(0, 5))
    await post(`${old.origin}/webhooks/sync`, { ConversationSid: sid, Profile: 'agent' });
  expect((await fleet('report')).code).toBe(0);

  await deploy(changed(new URL(old.origin).host), { CRM_URL: `${crm}/new` });
  const before = await fleet('report', '--json', PLAN);
  expect(before.code).toBe(2);
  expect(before.stdout).toMatch(/^ +201 {2}on a former domain$/m);

  const close = customers(conversations);
  const sync = ['sync', '--plan', PLAN, '--journal', JOURNAL, '--yes'];
  await killedAt(40, ...sync);
  await killedAt(100, ...sync, '--resume');
  const { code, stdout, stderr } = await fleet(...sync, '--resume');
  const handedOff = await close();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\d+ conversations changed$/m);
  expect(stdout).not.toContain('failed');

  expect(await fleet('report')).toMatchObject({ code: 0, stderr: '' });
  expect(handedOff.size).toBeGreaterThan(5);
  const api = apiClient(emulator.origin);
  const hostOf = (url: string) => new URL(url).host;
  for (const sid of conversations) {
    const attached = await api.conversations(sid).webhooks.list();
    const urls = attached.map(({ configuration }) => configuration.url ?? 'flow');
    const router = urls.find((url) => url.includes('/events/conversation'))!;
    expect(hostOf(router)).toBe(hostOf(variables.CONVERSATION_WEBHOOKS_URL!));
    const isHuman = handedOff.has(sid) || conversations.indexOf(sid) < 5;
    expect(new URL(router).searchParams.get('Profile')).toBe(isHuman ? 'human' : 'bot');
    expect(urls.filter((url) => url !== router)).toEqual([isHuman ? `${crm}/new` : 'flow']);
  }

  expect(await fleet('retire', '--yes')).toMatchObject({ code: 0, stderr: '' });
  expect(await fleet('report')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ +201 {2}not managed$/m),
  });
}, 400_000);
