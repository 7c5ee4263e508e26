import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../support/programs';

// What a program that runs in the place of a script leaves to be seen of its end.

const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script = pathToFileURL(join(root, 'scripts', 'programs.mjs')).href;

test.each([
  ['throws', "throw new Error('no such thing')", 1, 'no such thing\n'],
  ['rejects', "Promise.reject(new Error('no such thing'))", 1, 'no such thing\n'],
  ['exits', 'process.exit(3)', 3, ''],
  ['ends', '0', 0, ''],
])('a program that %s gives its exit code, and prints no stack', (_, program, status, stderr) => {
  const file = join(folder, 'program.cjs');
  writeFileSync(file, program);
  const code = `import { runAlone } from ${JSON.stringify(script)}; await runAlone(${JSON.stringify(file)}, []);`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(ended).toMatchObject({ status, stderr });
});
