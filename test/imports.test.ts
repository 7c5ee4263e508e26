import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import manifest from '../package.json';
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
  .filter((file) => /\.(tsx?|[mc]js)$/.test(file));

const codeOf = (file: string) => readFileSync(join(root, file), 'utf8');

function importsOf(file: string): string[] {
  return [...codeOf(file).matchAll(/(?:from|import|import\() ?'(\.[^']+)'/g)].flatMap(([, specifier]) => {
    const path = posix.join(posix.dirname(file), specifier!);
    return [path, `${path}.ts`, `${path}.tsx`].find((candidate) => files.includes(candidate)) ?? [];
  });
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));
const edges = (folder: string) =>
  [...imports].flatMap(([from, all]) =>
    from.startsWith(folder) ? all.map((to) => [from, to] as const) : [],
  );

const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const [, picture] = /```mermaid\n(.*?)```/s.exec(page)!;
/** What the picture of the source tree calls each folder, and its arrows. */
const names = new Map([...picture!.matchAll(/(\w+)\["src\/(\w+):/g)].map(([, id, name]) => [id!, name!]));
const arrows = [...picture!.matchAll(/^ *(\w+)(?:\[".*?"\])? --> (\w+)/gm)].map(
  ([, from, to]) => [names.get(from!)!, names.get(to!)!] as const,
);
/** The folders to which the arrows lead from this one, over others too. */
const below = (folder: string): string[] =>
  arrows.flatMap(([from, to]) => (from === folder ? [to, ...below(to)] : []));
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

test('imports in src as the picture in CONTRIBUTING.md has it', () => {
  const folder = (file: string) => file.split('/')[1]!;
  const used = edges('src/')
    .filter(([, to]) => to.startsWith('src/'))
    .map(([from, to]) => [folder(from), folder(to)] as const)
    .filter(([from, to]) => from !== to);
  expect(used.filter(([from, to]) => !below(from).includes(to))).toEqual([]);
  expect(used).toEqual(expect.arrayContaining([...arrows]));
  const folders = new Set(files.filter((file) => file.startsWith('src/')).map(folder));
  expect([...names.values()].sort()).toEqual([...folders].sort());
});

test('names every other folder of the source below that picture', () => {
  const [, others] = /\nThe other folders: (.*?)\n\n/s.exec(page)!;
  const named = [...others!.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
  folders.delete('src');
  expect(named).toEqual(expect.arrayContaining([...folders]));
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

/** The packages that a file loads: imported as more than types, or run by their path. */
function packagesOf(file: string): string[] {
  const code = codeOf(file).replaceAll(/import type [^;]*;|typeof import\(/g, '');
  const loaded = /(?:from|import|import\(|require\() ?'([@\w][\w./-]*)'|'node_modules', '([^']+)'/g;
  return [...code.matchAll(loaded)]
    .map(([, imported, run]) => imported ?? run!)
    .filter((name) => !isBuiltin(name))
    .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
}

test('npm start and the like load what they install, and need all of it', () => {
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const next of imports.get(file) ?? []) reach(next);
  };
  const scripts = files.filter((file) => file.startsWith('scripts/'));
  const begins = [
    ...scripts.filter((file) => file.endsWith('.cjs') || codeOf(file).includes('await installToRun()')),
    // What the scripts build.
    ...['emulator/main.ts', 'emulator/console/page/main.tsx', 'cli/main.ts'],
    ...['cli/variable-issues.ts', 'src/policy/lint.ts'],
    ...files.filter((file) => file.startsWith('src/functions/')),
  ];
  for (const file of begins) reach(file);
  expect([...reached]).toEqual(expect.arrayContaining(['scripts/start.mjs', 'scripts/demo/main.mjs']));

  // The functions need it where they run.
  const ofFunctions = '@twilio/runtime-handler';
  const needed = new Set([...reached].flatMap(packagesOf).concat(ofFunctions));
  const installed = { ...manifest.dependencies, ...manifest.optionalDependencies };
  expect([...needed].sort()).toEqual(Object.keys(installed).sort());
});
