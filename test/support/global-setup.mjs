import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { buildDemo } from '../../scripts/build.mjs';
import { withoutColours } from '../../scripts/colours.mjs';
import { root } from '../../scripts/install.mjs';
import { startNode } from '../../scripts/lifetime.mjs';

const DEMO = join('build', 'demo');

/** Builds what the tests run, and starts the emulator and the functions that test/support/stack.ts shares among files. */
export default async () => {
  await buildDemo();
  const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
  const programs = [];
  globalThis.stopSharedStack = async () => {
    for (const program of programs) {
      if (program.exitCode !== null || program.signalCode !== null) continue;
      program.kill();
      await once(program, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const run = (program, args, stdout, preloads = []) => {
    const env = withoutColours({ ...process.env });
    const options = { cwd: root, env, stdio: ['ignore', stdout, stdout === 'pipe' ? 'inherit' : 'ignore'] };
    const child = startNode(join(root, program), args, options, preloads);
    programs.push(child);
    return child;
  };
  const emulator = await startEmulator(run);
  const functions = await startFunctions(run, emulator, join(folder, 'env'));
  process.env.SHARED_STACK = JSON.stringify({ emulator, functions });
};

async function startEmulator(run) {
  const { stdout } = run(join('build', 'emulator.js'), ['--port', '0'], 'pipe');
  for await (const line of createInterface(stdout)) {
    const [, origin] = /^emulator ready (\S+)/.exec(line) ?? [];
    if (origin) return origin;
  }
  throw new Error('the emulator did not start');
}

async function startFunctions(run, emulator, envFile) {
  const variables = readFileSync(join(root, 'scripts', 'demo', 'demo.env'), 'utf8');
  writeFileSync(envFile, `${variables}\nTWILIO_API_BASE_URL=${emulator}\n`);
  const port = await freePort();
  const program = join('node_modules', 'twilio-run', 'bin', 'twilio-run.js');
  const folders = ['functions', 'assets'].flatMap((kind) => [`--${kind}-folder`, join(DEMO, kind)]);
  const options = ['--port', String(port), '--env', envFile, '--no-fork-process', '--no-live'];
  const preloads = ['--require', join(root, 'test', 'support', 'keep-connections.cjs')];
  const child = run(program, ['start', ...options, ...folders], 'ignore', preloads);
  const origin = `http://localhost:${port}`;
  while (!(await fetch(`${origin}/index.html`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error('twilio-run did not start');
    await setTimeout(50);
  }
  return origin;
}

async function freePort() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
