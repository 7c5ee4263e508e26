import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from './support/programs';

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n')
  .filter((file) => /\.(tsx?|mjs)$/.test(file));

function importsOf(file: string): string[] {
  const code = readFileSync(join(root, file), 'utf8');
  return [...code.matchAll(/(?:from|import|import\() ?'(\.[^']+)'/g)].flatMap(([, specifier]) => {
    const path = posix.join(posix.dirname(file), specifier!);
    return [path, `${path}.ts`, `${path}.tsx`].find((candidate) => files.includes(candidate)) ?? [];
  });
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));
const edges = (folder: string) =>
  [...imports].flatMap(([from, all]) =>
    from.startsWith(folder) ? all.map((to) => [from, to] as const) : [],
  );

/** The folders of src, each above those that it may import. */
const ABOVE: Readonly<Record<string, readonly string[]>> = {
  functions: ['handler', 'sync', 'policy', 'twilio', 'webhooks', 'events', 'lib'],
  sync: ['policy', 'webhooks', 'events', 'lib'],
  policy: ['webhooks', 'events', 'lib'],
  twilio: ['webhooks', 'lib'],
  webhooks: ['events', 'lib'],
  events: ['lib'],
  handler: ['lib'],
  lib: [],
};
const EMULATOR = ['console', 'control', 'api', 'actions', 'delivery', 'queue', 'faults', 'state', 'twilio'];

test('reads the imports of the project', () => {
  expect(imports.get('src/sync/decide.ts')).toContain('src/policy/match.ts');
  expect(imports.get('scripts/start.mjs')).toContain('scripts/build.mjs');
});

test('has no import cycle', () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) throw new Error([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(done.size).toBe(files.length);
});

test('imports one way in src', () => {
  const folder = (file: string) => file.split('/')[1]!;
  const wrong = edges('src/').filter(
    ([from, to]) =>
      folder(from) !== folder(to) && to !== 'package.json' && !ABOVE[folder(from)]?.includes(folder(to)),
  );
  expect(wrong).toEqual([]);
});

test('imports one way in the emulator', () => {
  const rank = (file: string) => EMULATOR.indexOf(file.split('/')[1]!);
  const wrong = edges('emulator/').filter(([from, to]) => rank(to) >= 0 && rank(to) < rank(from));
  expect(wrong).toEqual([]);
});

test('keeps the functions and the emulator apart', () => {
  expect(edges('emulator/').filter(([, to]) => !to.startsWith('emulator/'))).toEqual([]);
  expect(edges('src/').filter(([, to]) => !to.startsWith('src/'))).toEqual([]);
});
