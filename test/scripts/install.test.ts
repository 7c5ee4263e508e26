import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../support/programs';

// What every command does first, in a project that needs no package: nobody has to be asked for one.

const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script = pathToFileURL(join(root, 'scripts', 'install.mjs')).href;
function install() {
  const code = `import { install } from ${JSON.stringify(script)}; install(${JSON.stringify(folder)}); console.log('{}');`;
  const args = ['--input-type=module', '-e', code];
  const env = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('an installation leaves stdout to the command behind it, and so does its failure', () => {
  const project = { name: 'empty', version: '1.0.0' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
  const lock = { ...project, lockfileVersion: 3, packages: { '': project } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  expect(install()).toEqual({
    status: 0,
    stdout: '{}\n',
    stderr: expect.stringMatching(/^installing dependencies \(npm ci\) …\n/),
  });
  writeFileSync(join(folder, 'package-lock.json'), 'no JSON');
  expect(install()).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('npm ci failed; what it says stands above.'),
  });
});
