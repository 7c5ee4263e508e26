import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DEMO_POLICY, root } from '../support/programs';

// `npm run policy` as it is typed: its input, its output and its exit code are those of the program.

const run = (args: string[], input = '') =>
  spawnSync('npm', ['run', '--silent', 'policy', '--', ...args], { cwd: root, input, encoding: 'utf8' });

test('compares a policy from stdin with a file', () => {
  const demo = 'scripts/demo/policy.json';
  const args = ['diff', '-', demo, '--events', '300'];
  const same = run(args, DEMO_POLICY);
  expect(same).toMatchObject({ status: 0, stderr: '' });
  expect(same.stdout).toMatch(/^300 generated events \(seed 1\): found 0 differences$/m);
  const other = run(args, DEMO_POLICY.replace('"human"', '"person"'));
  expect(other).toMatchObject({ status: 1, stderr: '' });
  expect(other.stdout).toContain('  onMessageAdded Body=human --profile bot\n');
  expect(run(args, '{')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: '-: line 1, column 2: unexpected end of JSON\n',
  });
});

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
// The commands of the page are about the default policy, and a team may have another one.
const own = JSON.parse(read('src', 'assets', 'policy.private.json'));
const isShipped = isDeepStrictEqual(own, JSON.parse(DEMO_POLICY));
const [, loop] = /\n## Change it on your machine\n(.*?)\n## /s.exec(read('docs', 'policy.md'))!;
const commands = [...loop!.matchAll(/```shell\n(.*)\n```/g)].map(([, command]) => command!);

test('docs/policy.md begins with the commands of a change', () => {
  expect(commands.map((command) => /start|test|explain|diff/.exec(command)![0])).toEqual([
    'start',
    'test',
    'explain',
    'diff',
  ]);
});

(isShipped ? test.each : test.skip.each)(commands.slice(1))(
  'works as docs/policy.md has it: %s',
  (command) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: root, encoding: 'utf8' });
    // Whoever has edited the policy sees a difference.
    expect([stderr, command.includes('diff') ? status! < 2 : status === 0]).toEqual(['', true]);
    expect(stdout).toMatch(
      /cases passed|moves the conversation from profile bot to profile agent|generated events/,
    );
  },
);
