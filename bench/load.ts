import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

// How long it takes to load each function, beside `require('twilio')`, in fresh processes that have loaded `https`, as the
// runtime has. Interleaved, medians, as ratios.

const ROUNDS = 21;
const root = join(__dirname, '..', '..');
const folder = join(root, 'dist', 'functions');
const functions = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
);
const files = ['twilio', ...functions.map((name) => join(folder, name))];

const times = new Map<string, number[]>(files.map((file) => [file, []]));
for (let round = 0; round < ROUNDS; round++) for (const file of files) times.get(file)?.push(load(file));

const base = median(times.get('twilio'));
console.log(`require('twilio') takes as long to load as the function, times (median of ${ROUNDS}):`);
for (const name of functions) {
  const ratio = base / median(times.get(join(folder, name)));
  console.log(`${ratio.toFixed(1).padStart(6)}  ${name}`);
}

function load(file: string): number {
  const code = `require('node:https'); const t = process.hrtime.bigint(); require(${JSON.stringify(file)});
    process.stdout.write(String(process.hrtime.bigint() - t))`;
  return Number(execFileSync(process.execPath, ['-e', code], { cwd: root, encoding: 'utf8' }));
}

function median(values: readonly number[] = []): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
