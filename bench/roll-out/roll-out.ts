import { cpSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { mapConcurrently } from '../../src/lib/map-concurrently';
import { apiClient } from '../../test/support/api';
import { buildPolicy } from '../../test/support/policy';
import { policyFolder } from '../../test/support/policy-folder';
import {
  DEMO_POLICY,
  emulatorEnvironment,
  type Program,
  root,
  startEmulator,
  startFunctions,
} from '../../test/support/programs';
import { startReceiver } from '../../test/support/receiver';
import { temporaryFolder } from '../../test/support/temporary-folder';
import { memoryOf } from '../memory';
import { ASSETS } from '../subjects';
import { type Ended, runCommand } from './command';
import { Customers } from './customers';
import { deliveriesOf } from './deliveries';
import { JournalTail } from './journal-tail';
import { brokenWebhooks, type Expected, webhooksOf } from './promises';

const PLAN = 'report.jsonl';
const JOURNAL = 'roll-out.jsonl';
/** The conversation that a new emulator has. */
const DEMO = 'CH00000000000000000000000000000001';
/** How much of the work is done when a command is killed. */
const KILLED_AT = [0.2, 0.5];
const FOREIGN_URL = 'https://them.example/hook';

type Server = Program & { readonly origin: string };
type Fault = Readonly<Record<string, unknown>>;

export interface Settings {
  readonly conversations: number;
  /** Of the requests, while the change is rolled out. */
  readonly faults?: readonly Fault[];
  /** Whether the bundle is taken off all conversations in the end. */
  readonly retires?: boolean;
  /** Told of each command once it has ended. */
  onEnd?(step: Step): void;
}

/** A command, and what the emulator saw of it. */
export interface Step extends Ended {
  /** What happens in the story. */
  readonly what: string;
  /** API calls, as it prints them. If it was killed: those that the emulator got, with the few of the functions. */
  readonly calls: number;
  readonly emulatorMb: number;
}

export interface RollOut {
  readonly steps: readonly Step[];
  /** What is not as docs/promises.md has it. */
  readonly broken: readonly string[];
  /** Messages of customers while the change was rolled out. */
  readonly live: {
    readonly sent: number;
    readonly handOffs: number;
    /** They reached none of their conversation's webhooks. */
    readonly unseen: number;
    /** They reached more than one, or one more than once. */
    readonly duplicated: number;
  };
}

const hostOf = ({ origin }: Server) => new URL(origin).host;

const POLICY = JSON.parse(DEMO_POLICY);

/** One webhook less, a profile with another name, and another domain. */
function changedPolicy(formerDomain: string) {
  const { sos: _, ...webhooks } = POLICY.webhooks;
  return {
    ...POLICY,
    webhooks,
    profiles: { bot: ['bot'], human: ['crm'], closed: [] },
    formerProfiles: { agent: 'human' },
    formerDomains: [formerDomain],
    rules: POLICY.rules.map((rule: { profile: string }) =>
      rule.profile === 'agent' ? { ...rule, profile: 'human' } : rule,
    ),
  };
}

/**
 * A team takes its conversations in, changes its policy, its domain and the URL of its CRM, and rolls that out with `npm run fleet`,
 * which is killed twice, while customers write.
 */
export async function rollOut(settings: Settings): Promise<RollOut> {
  const running: { stop(signal?: NodeJS.Signals): Promise<void> }[] = [];
  const project = policyFolder();
  const { folder, remove } = temporaryFolder();
  try {
    return await story({ ...settings, project, assets: folder, running });
  } finally {
    await Promise.all(running.map((program) => program.stop('SIGKILL')));
    project.remove();
    remove();
  }
}

interface Stage extends Settings {
  readonly project: ReturnType<typeof policyFolder>;
  readonly assets: string;
  /** What was started. */
  readonly running: { stop(signal?: NodeJS.Signals): Promise<void> }[];
}

async function story({
  conversations: count,
  faults = [],
  retires = false,
  onEnd,
  project,
  assets,
  running,
}: Stage) {
  const crm = await startReceiver();
  running.push(crm);
  const emulator = await startEmulator();
  running.push(emulator);
  const env: Record<string, string> = { ...emulatorEnvironment(), TWILIO_API_BASE_URL: emulator.origin };
  const control = controlOf(emulator.origin);
  const steps: Step[] = [];

  const run = async (what: string, args: readonly string[], killWhen?: () => boolean) => {
    const before = (await control.get('/requests')).total;
    const ended = await runCommand(args, { folder: project.folder, env, killWhen });
    const printed = /^([\d,]+) API calls?/m.exec(ended.stdout)?.[1]?.replaceAll(',', '');
    const calls = printed === undefined ? (await control.get('/requests')).total - before : Number(printed);
    const step = { ...ended, what, calls, emulatorMb: memoryOf(emulator.child) ?? 0 };
    steps.push(step);
    onEnd?.(step);
  };
  const deploy = async (policy: object, crmUrl: string): Promise<Server> => {
    const text = JSON.stringify(policy);
    project.write(text);
    const copy = join(assets, `${running.length}`);
    cpSync(ASSETS, copy, { recursive: true });
    writeFileSync(join(copy, 'policy.private.json'), buildPolicy(text));
    env.CRM_URL = crmUrl;
    const functions = await startFunctions(env, { assets: relative(root, copy) });
    running.push(functions);
    env.CONVERSATION_WEBHOOKS_URL = functions.origin;
    return functions;
  };

  // Conversations that were there before the bundle: some with messages, some with a webhook of somebody else.
  const seeded: string[] = (await control.post('/seed', { conversations: `${count - 1}` })).conversations;
  const conversations = [DEMO, ...seeded];
  const every = (nth: number) => conversations.filter((_, i) => i % nth === nth - 1);
  const earlier = new Set<string>();
  for (const sid of every(20))
    earlier.add((await control.post(`/conversations/${sid}/messages`, { Body: 'long ago' })).sid);
  const api = apiClient(emulator.origin);
  for (const sid of every(40))
    await api.conversations(sid).webhooks.create({
      target: 'webhook',
      'configuration.url': FOREIGN_URL,
      'configuration.filters': ['onMessageAdded'],
    });
  const foreign = new Map(
    await mapConcurrently(
      every(40),
      4,
      async (sid) => [sid, (await webhooksOf(emulator.origin, sid))[0]] as const,
    ),
  );

  const old = await deploy(POLICY, `${crm.origin}/old`);
  await run('sync, entering', ['sync', '--profile', 'bot', '--yes']);
  await run('report, in order', ['report']);

  // Some are with a human, and some are closed.
  const agents = new Set(every(30));
  await mapConcurrently([...agents], 8, (ConversationSid) =>
    fetch(`${old.origin}/webhooks/sync`, {
      method: 'POST',
      body: new URLSearchParams({ ConversationSid, Profile: 'agent' }),
    }),
  );
  const closed = new Set(every(70).filter((sid) => !agents.has(sid)));
  for (const sid of closed) {
    await control.post(`/conversations/${sid}/state`, { State: 'closed' });
    // One after the other: an event of a closed conversation is lost for good if the functions have no time for it.
    await control.get('/idle');
  }

  const moved = await deploy(changedPolicy(hostOf(old)), `${crm.origin}/new`);
  const open = conversations.filter((sid) => !closed.has(sid));
  const bots = new Set(open.filter((sid) => !agents.has(sid)));
  const customers = new Customers(emulator.origin, open, bots);
  const journal = new JournalTail(join(project.folder, JOURNAL));
  for (const fault of faults) await control.post('/faults', fault);

  customers.open();
  await run('report, another policy', ['report', '--json', PLAN]);
  await customers.close();
  customers.open(journal);
  const sync = ['sync', '--plan', PLAN, '--journal', JOURNAL, '--yes'];
  for (const [i, share] of KILLED_AT.entries())
    await run('sync --plan, killed', i === 0 ? sync : [...sync, '--resume'], () => {
      journal.read();
      return journal.results >= share * open.length;
    });
  await run('sync --plan --resume', [...sync, '--resume']);
  await customers.close();
  customers.open();
  await run('report, with faults', ['report']);
  await customers.close();
  await control.remove('/faults');

  const handedOff = new Set(customers.handOffs.values());
  const broken = await brokenWebhooks(
    emulator.origin,
    new Map(
      conversations.map((sid): [string, Expected] => {
        const isHuman = agents.has(sid) || handedOff.has(sid);
        const webhooks = [isHuman ? `${crm.origin}/new` : env.BOT_FLOW_SID!];
        const managed = { router: `${isHuman ? 'human' : 'bot'} on ${hostOf(moved)}`, webhooks };
        // Nothing can be written any more.
        const left = { router: `bot on ${hostOf(old)}`, webhooks: [] };
        return [sid, { ...(closed.has(sid) ? left : managed), foreign: foreign.get(sid) }];
      }),
    ),
  );
  const got = await deliveriesOf(emulator.origin, crm.requests);
  for (const sid of customers.handOffs.keys())
    if (!got.get(sid)?.includes('/new')) broken.push(`the CRM has not got ${sid}, which asks for a human`);
  for (const sid of earlier) if (got.has(sid)) broken.push(`${sid} is an old message, and was replayed`);

  if (retires) {
    await run('retire', ['retire', '--yes']);
    await run('report, not managed', ['report']);
    const none = new Map(
      conversations.map((sid): [string, Expected] => [sid, { webhooks: [], foreign: foreign.get(sid) }]),
    );
    broken.push(...(await brokenWebhooks(emulator.origin, none)));
  }

  const times = [...customers.sent.keys()].map((sid) => got.get(sid)?.length ?? 0);
  return {
    steps,
    broken,
    live: {
      sent: times.length,
      handOffs: handedOff.size,
      unseen: times.filter((number) => number === 0).length,
      duplicated: times.filter((number) => number > 1).length,
    },
  };
}

/** The emulator's own routes. */
function controlOf(origin: string) {
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows what it gets
  const request = async (method: string, path: string, body?: object): Promise<any> => {
    const response = await fetch(`${origin}/_emulator${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  return {
    get: (path: string) => request('GET', path),
    post: (path: string, body: object) => request('POST', path, body),
    remove: (path: string) => request('DELETE', path),
  };
}
