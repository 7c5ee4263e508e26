import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../test/support/programs';
import type { Part } from './part';
import { bundle } from './parts/bundle';
import { calls } from './parts/calls';
import { cold } from './parts/cold';
import { emulator } from './parts/emulator';
import { fleet } from './parts/fleet';
import { long } from './parts/long';
import { planner } from './parts/planner';
import { warm } from './parts/warm';
import { print } from './table';

// `npm run bench`: all parts but the fleet, or those that are named; --quick: few rounds.

const PARTS: Readonly<Record<string, Part>> = { cold, warm, calls, bundle, emulator, long, planner, fleet };
/** Takes as long as all others, so only by its name. */
const BY_NAME_ONLY = 'fleet';

async function main() {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const names = Object.keys(PARTS);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are ${names.join(', ')}`);
  const texts: string[] = [];
  const isMeasured = (name: string) =>
    positionals.length > 0 ? positionals.includes(name) : name !== BY_NAME_ONLY;
  for (const name of names.filter(isMeasured)) {
    for (const section of await PARTS[name]!(values)) {
      const text = print(section);
      texts.push(text);
      console.log(`\n${text}`);
    }
  }
  // A part of it, or a hasty one, is nothing to keep.
  if (positionals.length === 0 && !values.quick)
    writeFileSync(join(root, 'bench', 'results.md'), [heading(), ...texts].join('\n\n').concat('\n'));
}

function heading(): string {
  const [cpu] = cpus();
  const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model}`;
  return `# Results of \`npm run bench\`

${new Date().toISOString().slice(0, 10)}, ${machine}. Two things that are compared were measured in the same run, in turns: their
ratio holds elsewhere too; a time or rate by itself is only that of this machine.`;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
main().then(
  () => process.exit(0),
  ({ message }: Error) => {
    console.error(message);
    process.exit(1);
  },
);
