import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../support/programs';

// What every command does first, in a project without packages, so no registry is needed.

const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const url = (name: string) => JSON.stringify(pathToFileURL(join(root, 'scripts', name)).href);
const calling = (name: string) => [
  '--input-type=module',
  '-e',
  `import { ${name} } from ${url('install.mjs')}; import { endOnSignal } from ${url('lifetime.mjs')};
  endOnSignal(0); await ${name}(${JSON.stringify(folder)}); console.log('{}');`,
];
const args = calling('install');

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

describe('with packages', () => {
  const lock = join(folder, 'package-lock.json');
  const record = join(folder, 'node_modules', '.package-lock.json');
  const bin = join(folder, 'bin');
  const log = join(folder, 'log');
  const RUN = ['server', 'bundler'];
  const ALL = [...RUN, 'tester'];

  beforeEach(() => {
    const packageJson = {
      dependencies: { server: '1.0.0' },
      optionalDependencies: { bundler: '1.0.0' },
      devDependencies: { tester: '1.0.0' },
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(packageJson));
    writeFileSync(lock, '{}');
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
    rmSync(log, { force: true });
  });

  /** What npm has installed, by its own record. */
  const recordOf = (names: readonly string[]) =>
    JSON.stringify({
      packages: Object.fromEntries(
        names.map((name) => [`node_modules/${name}`, name === 'tester' ? { dev: true } : {}]),
      ),
    });

  function have(names: readonly string[], { outdated = false } = {}) {
    mkdirSync(dirname(record), { recursive: true });
    writeFileSync(record, recordOf(names));
    if (outdated) utimesSync(record, 1, 1);
  }

  /** Calls it where npm would install these. */
  function run(name: string, installs: readonly string[]) {
    mkdirSync(bin, { recursive: true });
    const npm = `#!/bin/sh\necho "$*" >>'${log}'\nmkdir -p node_modules\necho '${recordOf(installs)}' >'${record}'\n`;
    writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const { status, stderr } = spawnSync(process.execPath, calling(name), { env, encoding: 'utf8' });
    return { status, stderr, npm: existsSync(log) ? readFileSync(log, 'utf8').trim() : '' };
  }

  test.each([
    ['npm start, with nothing', 'installToRun', [], false, RUN, 'ci --omit=dev --include=optional'],
    ['npm start, with what it needs', 'installToRun', RUN, false, [], ''],
    ['npm start, with all', 'installToRun', ALL, false, [], ''],
    ['npm start, with an old lock', 'installToRun', RUN, true, RUN, 'ci --omit=dev --include=optional'],
    [
      'npm start, with all of an old lock',
      'installToRun',
      ALL,
      true,
      ALL,
      'ci --include=dev --include=optional',
    ],
    ['npm test, with nothing', 'install', [], false, ALL, 'ci --include=dev --include=optional'],
    [
      'npm test, after npm start',
      'install',
      RUN,
      false,
      ALL,
      'install --no-save --include=dev --include=optional',
    ],
    ['npm test, with all', 'install', ALL, false, [], ''],
  ])('%s, runs npm as it should', (_, name, before, outdated, installs, expected) => {
    if (before.length > 0) have(before, { outdated });
    const quietly = '--no-audit --no-fund --loglevel=error';
    const npm = expected && `${expected} ${quietly}`;
    expect(run(name, installs)).toMatchObject({ status: 0, npm });
  });

  test('reports an optional package that npm left out in silence, and tries again', () => {
    const left = 'npm left out bundler; see why with npm ci --loglevel=verbose\n';
    for (const command of ['ci', 'install']) {
      expect(run('installToRun', ['server'])).toMatchObject({
        status: 1,
        stderr: `installing dependencies (npm ${command}) …\n${left}`,
      });
    }
    expect(run('installToRun', RUN)).toMatchObject({ status: 0 });
  });
});
