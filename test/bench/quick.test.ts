import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clone } from '../support/clone';

// `npm run bench` in a clone, since it builds: the parts that need no packages of their own.

let project: ReturnType<typeof clone>;
beforeAll(() => {
  project = clone();
});
afterAll(() => project.remove());

const bench = (...args: string[]) =>
  spawnSync('npm', ['run', 'bench', '--silent', '--', ...args], { cwd: project.folder, encoding: 'utf8' });

test('prints a table for each part, and does not overwrite the results with some of the parts', () => {
  const results = join(project.folder, 'bench', 'results.md');
  writeFileSync(results, 'of the last whole run\n');
  const { status, stdout, stderr } = bench('calls', 'bundle', 'planner', '--quick');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.match(/^## .*/gm)).toEqual([
    '## API calls of each operation',
    '## Size of the functions',
    '## Where the bytes come from',
    '## The planner',
  ]);
  expect(stdout).toMatch(/^\| webhooks\/attach\.protected\.js +\| \d+\.\d +\|/m);
  expect(stdout).toMatch(/^\| src\/lib\/ +\|( +[\d.]+ +\|){11}$/m);
  expect(stdout).toMatch(/^\| five, none of them wanted +\| 8 +\| \d/m);
  expect(existsSync(join(project.folder, 'bench', 'node_modules'))).toBe(false);
  expect(readFileSync(results, 'utf8')).toBe('of the last whole run\n');
});

test('rejects an unknown part, and knows each part', () => {
  const { status, stderr } = bench('cald');
  expect({ status, stderr }).toEqual({ status: 2, stderr: '"cald" is unknown; did you mean cold?\n' });
  const source = readFileSync(join(project.folder, 'bench', 'main.ts'), 'utf8');
  const parts = /const PARTS.*\{ (.*) \}/.exec(source)?.[1]?.split(', ');
  expect(bench('--help').stdout.replace(/\s+/g, ' ')).toContain(`the named parts of ${parts?.join(', ')};`);
});
