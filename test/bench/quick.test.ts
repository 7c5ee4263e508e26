import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clone } from '../support/clone';

// `npm run bench` in a clone, since it builds: the parts that need no package of their own.

let project: ReturnType<typeof clone>;
beforeAll(() => {
  project = clone();
});
afterAll(() => project.remove());

const bench = (...args: string[]) =>
  spawnSync('npm', ['run', 'bench', '--silent', '--', ...args], { cwd: project.folder, encoding: 'utf8' });

test('prints a table for each part that is named, and keeps nothing of what is only a part', () => {
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
  expect(stdout).toMatch(/^\| twilio, resource classes +\|( +\|)( +\d+\.\d+ +\|){8}$/m);
  expect(stdout).toMatch(/^\| five, none of them wanted +\| 8 +\| \d/m);
  expect(existsSync(join(project.folder, 'bench', 'node_modules'))).toBe(false);
  expect(readFileSync(results, 'utf8')).toBe('of the last whole run\n');
});

test('says which parts there are where it is told another', () => {
  const { status, stderr } = bench('cald');
  expect(status).toBe(1);
  expect(stderr).toBe('there is no part cald; there are cold, warm, calls, bundle, emulator, planner\n');
});
