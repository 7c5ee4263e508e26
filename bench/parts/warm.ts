import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, startEmulator } from '../../test/support/programs';
import { certificate } from '../certificate';
import { type Certificate, type Delayed, startDelayed } from '../delayed';
import type { ManyCalls, Plan } from '../many-calls';
import { ratio, spread } from '../measure';
import type { Effort, Part } from '../part';
import { built, deployed, during, resultOf } from '../programs';
import { ASSETS, attachedConversation, environmentOf, freshConversations, WEBHOOK } from '../subjects';
import { figure, type Section, target, times } from '../table';

/** Milliseconds each way, and in how many rounds. */
const DELAYS: readonly { ms: number; rounds: number; quick: number }[] = [
  { ms: 0, rounds: 60, quick: 10 },
  { ms: 20, rounds: 15, quick: 3 },
  { ms: 60, rounds: 9, quick: 2 },
];

/** What is compared, and how many requests each makes. */
const COMPARED: readonly (readonly [keyof ManyCalls, keyof ManyCalls, string])[] = [
  ['fetch', 'snippetFetch', '/webhooks/fetch (1) beside fetch (1)'],
  ['list', 'snippetList', '/webhooks/list (1) beside list (1)'],
  ['unchanged', 'snippetCreate', '/webhooks/attach, unchanged (1) beside create (1)'],
  ['attach', 'snippetCreate', '/webhooks/attach, new (3) beside create (1)'],
];

interface Measured {
  readonly ms: number;
  readonly rounds: number;
  readonly calls: ManyCalls;
  readonly ours: Delayed;
  readonly snippet: Delayed;
}

/** Many calls in one process, of an API that is some way off. */
export const warm: Part = async (effort) => {
  const trusted = await certificate();
  const file = join(root, 'build', 'bench', 'certificate.pem');
  writeFileSync(file, trusted.cert);
  const all = await during(startEmulator(), async ({ origin }) => {
    const measured: Measured[] = [];
    for (const delay of DELAYS) measured.push(await measure(origin, trusted, file, delay, effort));
    return measured;
  });
  return [callsTable(all), connectionsTable(all)];
};

async function measure(
  emulator: string,
  trusted: Certificate,
  file: string,
  delay: (typeof DELAYS)[number],
  { quick }: Effort,
): Promise<Measured> {
  const { ms } = delay;
  const rounds = quick ? delay.quick : delay.rounds;
  const ours = await startDelayed(emulator, trusted, ms);
  const snippet = await startDelayed(emulator, trusted, ms);
  try {
    const plan: Plan = {
      rounds,
      assets: ASSETS,
      files: {
        attach: deployed('webhooks/attach'),
        fetch: deployed('webhooks/fetch'),
        list: deployed('webhooks/list'),
        snippet: built('snippet'),
      },
      api: { ours: ours.origin, snippet: snippet.origin },
      webhook: WEBHOOK,
      attached: await attachedConversation(emulator),
      fresh: await freshConversations(emulator, 2 * (rounds + 1)),
    };
    const env = { ...environmentOf(ours.origin), NODE_EXTRA_CA_CERTS: file };
    const calls = await resultOf<ManyCalls>([built('many-calls'), JSON.stringify(plan)], env);
    return { ms, rounds, ours, snippet, calls };
  } finally {
    await Promise.all([ours.stop(), snippet.stop()]);
  }
}

function callsTable(all: readonly Measured[]): Section {
  return {
    title: 'Warm calls',
    meaning:
      "One process is called many times: our functions, which keep their connection, beside Twilio's snippet, which creates a client for each call, as `context.getTwilioClient()` does, and so a connection. TLS to the emulator; each byte is delayed by so many milliseconds each way, and a new connection takes one round trip more, as with TCP. The number of API requests is in brackets. Medians of the given number of rounds; the ratio is taken in each round.",
    head: ['ms each way', 'rounds', 'compared', 'ours, ms', 'snippet, ms', 'ours / snippet', 'target'],
    rows: all.flatMap(({ ms, rounds, calls }) =>
      COMPARED.map(([mine, other, label]) => {
        const part = ratio(calls[mine], calls[other]);
        const aimed = ms === 20 && mine === 'fetch';
        return [
          `${ms}`,
          `${rounds}`,
          label,
          figure(spread(calls[mine]).median),
          figure(spread(calls[other]).median),
          times(part),
          aimed ? target('at most 1/2', part.median <= 1 / 2) : '',
        ];
      }),
    ),
  };
}

function connectionsTable(all: readonly Measured[]): Section {
  const row = (ms: number, who: string, calls: number, requests: number, delayed: Delayed) => {
    const { full, resumed } = delayed.handshakes();
    return [ms, who, calls, requests, delayed.connections(), full, resumed].map(String);
  };
  return {
    title: 'Connections of the warm calls',
    meaning:
      'What the API saw of these calls, and of the warm-up round. Ours are three functions (attach, fetch, list), each with a connection of its own, as once deployed.',
    head: ['ms each way', 'who', 'calls', 'requests', 'connections', 'full TLS handshakes', 'resumed'],
    rows: all.flatMap(({ ms, rounds, ours, snippet }) => [
      row(ms, 'ours', 4 * (rounds + 1), 6 * (rounds + 1), ours),
      row(ms, 'snippet', 3 * (rounds + 1), 3 * (rounds + 1), snippet),
    ]),
  };
}
