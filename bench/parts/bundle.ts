import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DEMO_BUNDLE, root } from '../../test/support/programs';
import type { Part } from '../part';
import { figure, type Section, target } from '../table';

/** A function as scripts/build.mjs returns it; `inputs`: the bytes of it that come from each file. */
interface Built {
  readonly path: string;
  readonly bytes: number;
  readonly inputs: Readonly<Record<string, number>>;
}

const KB = 1024;
const AIM = 48 * KB;

/** How large the functions are, and where the bytes come from. */
export const bundle: Part = async () => {
  const functions: Built[] = JSON.parse(readFileSync(join(root, 'build', 'bench', 'functions.json'), 'utf8'));
  const sizes: Section = {
    title: 'Size of the functions',
    meaning: 'Each function as it is deployed: one minified file with all that it needs. KB of 1024 bytes.',
    head: ['function', 'KB', 'KB gzipped', 'target'],
    rows: functions.map(({ path, bytes }) => [
      path,
      figure(bytes / KB),
      figure(gzipSync(readFileSync(join(root, DEMO_BUNDLE, 'functions', path))).length / KB),
      target('at most 48', bytes <= AIM),
    ]),
  };
  const sums = functions.map(({ inputs, bytes }) => sumOfOrigins(inputs, bytes));
  const origins = [...new Set(sums.flatMap((sum) => [...sum.keys()]))].sort();
  const origin: Section = {
    title: 'Where the bytes come from',
    meaning:
      'KB of each function by the folder or package of their source; `esbuild` is what holds the modules together.',
    head: ['from', ...functions.map(({ path }) => path.replace('.protected.js', ''))],
    rows: origins.map((from) => [from, ...sums.map((sum) => kilobytes(sum.get(from)))]),
  };
  return [sizes, origin];
};

function sumOfOrigins(inputs: Built['inputs'], bytes: number): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (from: string, more: number) => sums.set(from, (sums.get(from) ?? 0) + more);
  let rest = bytes;
  for (const [file, part] of Object.entries(inputs)) {
    add(originOf(file), part);
    rest -= part;
  }
  add('esbuild', rest);
  return sums;
}

// A linked node_modules is elsewhere: the path after the last one is the same everywhere.
function originOf(file: string): string {
  const [ours, ...installed] = file.split('node_modules/');
  const path = installed.at(-1);
  if (path === undefined) return /^src\/(\w+\/)?/.exec(`${ours}`)?.[0] ?? `${ours}`;
  return /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path;
}

function kilobytes(bytes = 0): string {
  return bytes === 0 ? '' : figure(bytes / KB);
}
