import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { post } from '../../test/support/call';
import { buildPolicy } from '../../test/support/policy';
import { policyFolder } from '../../test/support/policy-folder';
import { DEMO_POLICY, type Program, root, startEmulator, startFunctions } from '../../test/support/programs';
import { temporaryFolder } from '../../test/support/temporary-folder';
import { memoryOf } from '../memory';
import type { Part } from '../part';
import { during } from '../programs';
import { ASSETS, environmentOf, freshConversations } from '../subjects';
import { figure, type Section, target } from '../table';

type Server = Program & { readonly origin: string };

const REPORT = 'report.jsonl';
/** Of the requests. */
const FAULTS = [
  { when: { probability: 0.005 }, do: { status: 429, code: 20429 } },
  { when: { probability: 0.005 }, do: { status: 503, processed: true } },
  { when: { probability: 0.002 }, do: { drop: 'after' } },
];

interface Measured {
  readonly what: string;
  readonly exit: number;
  readonly calls: number;
  readonly seconds: number;
  readonly mb: number;
}

/** `npm run fleet` on 10,000 conversations: entering a profile, then another policy, with faults and live traffic. */
export const fleet: Part = async ({ quick }) => {
  const conversations = quick ? 200 : 10_000;
  const project = policyFolder();
  const { folder: assets, remove } = temporaryFolder();
  cpSync(ASSETS, assets, { recursive: true });
  try {
    const rows = await during(startEmulator(), async (emulator) => {
      const sids = await freshConversations(emulator.origin, conversations - 1);
      return [
        ...(await during(deploy(emulator, assets, DEMO_POLICY), ({ origin }) =>
          entering(emulator, origin, project.folder),
        )),
        ...(await during(deploy(emulator, assets, changedPolicy(project)), ({ origin }) =>
          adopting(emulator, origin, project.folder, sids),
        )),
      ];
    });
    return [toSection(conversations, rows)];
  } finally {
    project.remove();
    remove();
  }
};

async function entering(emulator: Server, origin: string, folder: string): Promise<Measured[]> {
  const run = runner(emulator, origin, folder);
  return [
    await run('sync --profile bot', ['sync', '--profile', 'bot', '--yes']),
    await run('report, in order', ['report']),
  ];
}

async function adopting(
  emulator: Server,
  origin: string,
  folder: string,
  sids: readonly string[],
): Promise<Measured[]> {
  const run = runner(emulator, origin, folder);
  const before = await run('report, another policy', ['report', '--json', REPORT]);
  for (const fault of FAULTS)
    await fetch(`${emulator.origin}/_emulator/faults`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(fault),
    });
  const quiet = customers(emulator, sids);
  const sync = await run('sync --plan, faults and traffic', ['sync', '--plan', REPORT, '--yes']);
  await quiet();
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' });
  return [before, sync, await run('report, in order', ['report'])];
}

/** The same domain each time, as a deployment has. */
let port: number | undefined;

async function deploy(emulator: Server, assets: string, policy: string): Promise<Server> {
  writeFileSync(join(assets, 'policy.private.json'), buildPolicy(policy));
  const functions = await startFunctions(
    { TWILIO_API_BASE_URL: emulator.origin },
    { assets: relative(root, assets), ...(port !== undefined && { port }) },
  );
  port = Number(new URL(functions.origin).port);
  return functions;
}

function changedPolicy(project: { write(policy: string): void }): string {
  const { sos: _, ...webhooks } = JSON.parse(DEMO_POLICY).webhooks;
  const profiles = { bot: ['bot'], agent: ['crm'], closed: [] };
  const policy = JSON.stringify({ ...JSON.parse(DEMO_POLICY), webhooks, profiles });
  project.write(policy);
  return policy;
}

/** Customers who write to one conversation after the other. */
function customers({ origin }: Server, sids: readonly string[]) {
  let isOpen = true;
  const writing = (async () => {
    for (let i = 0; isOpen; i++) {
      await post(`${origin}/_emulator/conversations/${sids[(i * 7) % sids.length]}/messages`, {
        Source: 'SDK',
        Body: 'hello',
      });
      await setTimeout(50);
    }
  })();
  return async () => {
    isOpen = false;
    await writing;
    await fetch(`${origin}/_emulator/idle`);
  };
}

function runner(emulator: Server, origin: string, cwd: string) {
  const env = { ...environmentOf(emulator.origin), CONVERSATION_WEBHOOKS_URL: origin };
  return async (what: string, args: readonly string[]): Promise<Measured> => {
    const began = performance.now();
    const child = spawn(process.execPath, [join(root, 'build', 'cli.js'), 'fleet', ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let [output, mb] = ['', 0];
    child.stdout.on('data', (text) => {
      output += text;
    });
    const watching = setInterval(() => {
      mb = Math.max(mb, memoryOf(child) ?? 0);
    }, 250);
    const [exit] = await once(child, 'close');
    clearInterval(watching);
    const calls = Number(/^([\d,]+) API calls?/m.exec(output)?.[1]?.replaceAll(',', ''));
    if (Number.isNaN(calls)) throw new Error(`${what} failed:\n${output}`);
    return { what, exit, calls, seconds: (performance.now() - began) / 1000, mb };
  };
}

function toSection(conversations: number, measured: readonly Measured[]): Section {
  const aims: Readonly<Record<string, number>> = { 'report, in order': 1.1, 'sync --profile bot': 7.1 };
  return {
    title: 'All conversations of an account',
    meaning: `\`npm run fleet\` on ${conversations.toLocaleString('en-US')} conversations of the emulator: entering a profile with two webhooks, then a policy with one webhook less. Of the requests of the second sync, about one in a hundred is throttled, fails or is lost, while customers write. Calls of a conversation include the lists; memory is the highest, in MB.`,
    head: ['command', 'exit code', 'calls of a conversation', 's', 'conversations/s', 'MB', 'target'],
    rows: measured.map(({ what, exit, calls, seconds, mb }) => {
      const each = calls / conversations;
      const aim = aims[what];
      return [
        what,
        `${exit}`,
        figure(each),
        figure(seconds),
        figure(conversations / seconds),
        figure(mb),
        aim === undefined ? '' : target(`at most ${aim}`, each <= aim),
      ];
    }),
  };
}
