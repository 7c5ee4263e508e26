import { apiClient } from '../support/api';
import { get, post, postJson } from '../support/call';
import { startEmulator } from '../support/programs';
import { startReceiver } from '../support/receiver';
import { type Audit, audit, FOREIGN_PREFIX } from './audit';
import { Client } from './client';
import { faults } from './faults';
import { bundle, type Subject, snippet } from './subject';
import { startVersions, versionsOf } from './versions';
import { type Operation, workload } from './workload';

export interface ChaosSettings {
  readonly seed: number;
  readonly conversations: number;
  /** Whichever comes first ends it. */
  readonly operations: number;
  readonly minutes: number;
}

export interface Chaos extends Audit {
  readonly subject: string;
  readonly operations: number;
  /** Operations whose caller was told that they failed. */
  readonly refused: number;
  readonly faults: number;
  readonly retries: number;
  readonly deployments: number;
  readonly silences: number;
  readonly late: number;
  readonly crashes: number;
  readonly rejections: number;
}

const WORKERS = 12;
const DEADLINE_MS = 9_000;

/** The workload against this bundle, in the real twilio-run. */
export async function chaosOfBundle(settings: ChaosSettings): Promise<Chaos> {
  const [emulator, crm] = await Promise.all([startEmulator(), startReceiver()]);
  const versions = versionsOf(crm.origin);
  const functions = await startVersions(versions, {
    TWILIO_API_BASE_URL: emulator.origin,
    TWILIO_SERVICE_MIN_BACKOFF: '20',
  });
  try {
    const subject = bundle(functions.origin, () => functions.current.agent);
    const { clients, ...counts } = await play(emulator.origin, subject, settings, functions.deploy);
    // Once all is quiet and every lease is over, one version is left, and syncs each once.
    const [version] = versions;
    functions.settle(version);
    await post(`${emulator.origin}/_emulator/clock`, { advance: '20' });
    for (const { sid } of clients) await subject.sync(sid);
    await get(`${emulator.origin}/_emulator/idle`);
    const output = functions.programs.map((program) => program.output()).join('\n');
    const lines = logged(output);
    return {
      ...totals(subject, clients),
      ...counts,
      ...(await audit(emulator.origin, clients, heard(crm), {
        version,
        logOf: (sid) =>
          lines
            .filter(({ conversation }) => conversation === sid)
            .map(printed)
            .join('\n'),
      })),
      retries: lines.reduce((sum, { retries = 0 }) => sum + retries, 0),
      late: lines.filter(({ ms }) => ms > DEADLINE_MS).length,
      crashes: [...functions.programs, emulator].filter(
        ({ child }) => child.exitCode !== null || child.signalCode !== null,
      ).length,
      rejections: output.match(/unhandled|\n {4}at /gi)?.length ?? 0,
    };
  } finally {
    await Promise.all([functions.stop(), emulator.stop(), crm.stop()]);
  }
}

/** The same workload against the snippet of Twilio's page, in this process. */
export async function chaosOfSnippet(settings: ChaosSettings): Promise<Chaos> {
  const [emulator, crm] = await Promise.all([startEmulator(), startReceiver()]);
  try {
    const subject = snippet(emulator.origin, crm.origin);
    const { clients, ...counts } = await play(emulator.origin, subject, settings);
    const found = await audit(emulator.origin, clients, heard(crm));
    return {
      ...totals(subject, clients),
      ...counts,
      ...found,
      retries: 0,
      late: 0,
      crashes: 0,
      rejections: 0,
    };
  } finally {
    await Promise.all([emulator.stop(), crm.stop()]);
  }
}

/** The workload itself: everybody enters, then all goes wrong, then nothing does any more. */
async function play(origin: string, subject: Subject, settings: ChaosSettings, deploy = () => {}) {
  const control = (path: string) => `${origin}/_emulator/${path}`;
  const seeded = await postJson(control('seed'), { conversations: settings.conversations });
  const clients = await Promise.all(
    seeded.body.conversations.map(async (sid: string) => {
      const foreign = await apiClient(origin)
        .conversations(sid)
        .webhooks.create({
          target: 'trigger',
          'configuration.url': `${FOREIGN_PREFIX}${sid}`,
          'configuration.triggers': ['x'],
        });
      return new Client(sid, foreign, subject, origin);
    }),
  );
  await postJson(control('faults'), faults(settings.seed));
  await inTurns(clients, (client) => client.enter());
  const counts = { deployments: 0, silences: 0 };
  await inTurns(bounded(settings), async (operation) => {
    switch (operation.do) {
      case 'deploy':
        counts.deployments += 1;
        return deploy();
      case 'be silent':
        counts.silences += 1;
        await post(control('clock'), { advance: `${operation.seconds}` });
        return;
      default:
        return clients[operation.conversation]!.perform(operation);
    }
  });
  await get(control('idle'));
  const { body } = await get(control('faults'));
  const met = body.faults.reduce((sum: number, fault: { met: number }) => sum + fault.met, 0);
  await fetch(control('faults'), { method: 'DELETE' });
  return { clients, faults: met, ...counts };
}

function* bounded({ seed, conversations, operations, minutes }: ChaosSettings): Generator<Operation> {
  const end = Date.now() + minutes * 60_000;
  let left = operations;
  for (const operation of workload(seed, conversations)) {
    if (left <= 0 || Date.now() > end) return;
    if ('conversation' in operation) left -= 1;
    yield operation;
  }
}

/** A few at a time, each taking the next. */
async function inTurns<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

function totals(subject: Subject, clients: readonly Client[]) {
  const sum = (of: (client: Client) => number) => clients.reduce((total, client) => total + of(client), 0);
  return {
    subject: subject.name,
    operations: sum(({ operations }) => operations),
    refused: sum(({ refused }) => refused),
  };
}

function heard(crm: { requests: readonly { params: Record<string, string> }[] }) {
  return crm.requests.map(({ params }) => ({
    conversation: `${params.ConversationSid}`,
    index: `${params.Index}`,
  }));
}

interface Line {
  readonly operation: string;
  readonly conversation?: string;
  readonly retries?: number;
  readonly ms: number;
}

const printed = (line: Line) => `  ${JSON.stringify(line)}`;

function logged(output: string): Line[] {
  return (output.match(/^\{"operation".*\}$/gm) ?? []).map((line) => JSON.parse(line));
}
