import { spawnSync } from 'node:child_process';
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
