import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../support/programs';

const urlOf = (file: string) => pathToFileURL(join(root, 'mutation', file)).href;
const mutation = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts', 'mutation.mjs'), ...args], { encoding: 'utf8' });

/** What the score reporter prints for mutants of these statuses. */
function printed(files: Readonly<Record<string, readonly string[]>>): string {
  const mutants = Object.entries(files).map(([file, statuses]) => [
    file,
    { mutants: statuses.map((status) => ({ status })) },
  ]);
  const code = `import { scores, table } from '${urlOf('reporters.mjs')}';
    console.log(table(scores(${JSON.stringify(Object.fromEntries(mutants))})));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
}

test('counts killed and rated mutants of each folder', () => {
  const files = {
    'src/policy/rules.ts': ['Killed', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'],
    'src/errors.ts': ['Ignored'],
    'src/policy/field.ts': ['Timeout', ...Array(200).fill('Killed')],
  };
  expect(printed(files)).toBe(
    ['src             0/0    -', 'src/policy  202/204  99%', 'all         202/204  99%', ''].join('\n'),
  );
});

test.each([
  [['src/nothing'], 'src/nothing is not a folder or file of src/'],
  [['emulator'], 'emulator is not a folder or file of src/'],
  [['src/../emulator'], 'src/../emulator is not a folder or file of src/'],
  [['src/assets/index.html'], 'src/assets/index.html is not a TypeScript file'],
  [['--concurrency', 'two'], '--concurrency must be a whole number of at least 1, not "two"'],
])('rejects %j before it installs anything', (args, message) => {
  const { status, stdout, stderr } = mutation(...args);
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
});

test('ends the test runners with Stryker, even if it is killed', async () => {
  const code = `import { spawn } from 'node:child_process';
    import config from '${urlOf('stryker.config.mjs')}';
    const args = [...config.testRunnerNodeArgs, '-e', 'console.log(1); setTimeout(() => console.log(2), 20000)'];
    spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });`;
  const stryker = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  stryker.stdout.on('data', (text) => {
    output += text;
    stryker.kill('SIGKILL');
  });
  // The runner has the pipe too.
  await once(stryker.stdout, 'close');
  expect(output).toBe('1\n');
});
