import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { root } from '../support/programs';

// The scripts in a folder where nothing is installed or built: whatever they print comes before that.

const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
beforeAll(() => {
  for (const name of ['scripts', 'flows', 'package.json', 'package-lock.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, file), ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Programs that are built when they start, and parse their arguments themselves. */
const BUILT = ['emulator', 'cli'];
const scripts = Object.entries(packageJson.scripts).flatMap(([name, command]) => {
  const [, file] = /^node (scripts\/\S+)$/.exec(command) ?? [];
  return file && !BUILT.includes(name) ? [[name, file] as const] : [];
});
const typed = (name: string) => `npm ${['start', 'test'].includes(name) ? '' : 'run '}${name}`;

afterEach(() =>
  expect(['build', 'dist', 'node_modules'].map((name) => existsSync(join(folder, name)))).toEqual([
    false,
    false,
    false,
  ]),
);

test.each(scripts)('%s prints its usage, options and examples with --help', (name, file) => {
  for (const help of ['--help', '-h']) {
    const { status, stdout, stderr } = run(file, help);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^Usage: ${typed(name)} -- .*\\[options\\]$`));
    expect(lines).toContain('Options:');
    expect(stdout).toMatch(/^ {2}-h, --help +print this help$/m);
    expect(lines.slice(0, lines.indexOf('Examples:')).filter((line) => line.length > 80)).toEqual([]);
    const examples = lines.slice(lines.indexOf('Examples:') + 1).filter(Boolean);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example).toMatch(new RegExp(`npm (run )?(-s )?${name}\\b`));
  }
});

test.each(scripts.filter(([name]) => name !== 'test'))('%s rejects an unknown option', (name, file) => {
  const expected = (typo: string, end: string) => ({
    status: 2,
    stdout: '',
    stderr: `unknown option ${typo}; ${end}\n`,
  });
  expect(run(file, '--hepl')).toEqual(expected('--hepl', 'did you mean --help?'));
  expect(run(file, '--token=pass-42')).toEqual(expected('--token', `see ${typed(name)} -- --help`));
});

test.each([
  ['chaos', ['--minutes', 'x'], '--minutes must be a number above 0, not "x"'],
  ['chaos', ['--seed', '-1'], '--seed needs a value; see npm run chaos -- --help'],
  ['chaos', ['--seed=1.5'], '--seed must be a whole number of at least 0, not "1.5"'],
  ['chaos', ['--operations', '0'], '--operations must be a whole number of at least 1, not "0"'],
  ['chaos', ['--minutes'], '--minutes needs a value; see npm run chaos -- --help'],
  ['chaos', ['all'], 'unexpected argument; see npm run chaos -- --help'],
  [
    'bench',
    ['nosuchpart'],
    '"nosuchpart" is unknown; use cold, warm, calls, bundle, emulator, long, planner or fleet',
  ],
  ['bench', ['cold', '--quick=yes'], '--quick takes no value; see npm run bench -- --help'],
])('%s rejects %j before it installs or starts anything', (name, args, message) => {
  expect(run(`scripts/${name}.mjs`, ...args)).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
});
