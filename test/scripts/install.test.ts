import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../support/programs';

// What every command does first, in a project without packages, so no registry is needed.

const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const url = (name: string) => JSON.stringify(pathToFileURL(join(root, 'scripts', name)).href);
const code = `import { install } from ${url('install.mjs')}; import { endOnSignal } from ${url('lifetime.mjs')};
  endOnSignal(0); await install(${JSON.stringify(folder)}); console.log('{}');`;
const args = ['--input-type=module', '-e', code];

function install() {
  const env = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('prints nothing on stdout, neither when it installs nor when it fails', () => {
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
    stderr: expect.stringContaining('npm ci failed; see its output above\n'),
  });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s stops an installation, and says so at once',
  async (signal) => {
    writeFileSync(join(folder, 'package-lock.json'), '{}');
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'npm'), '#!/bin/sh\necho started >&2\nexec sleep 1000\n', { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (part) => {
        text[name] += part;
        if (`${part}`.includes('started')) child.kill(signal);
      });
    // The pipes close when npm, which has them too, has ended.
    const [status] = await once(child, 'close');
    expect({ status, ...text }).toEqual({
      status: 0,
      stdout: '',
      stderr: 'installing dependencies (npm ci) …\nstarted\nstopping the installation …\n',
    });
  },
);
