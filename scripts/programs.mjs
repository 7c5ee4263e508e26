// The two programs behind `npm start` and `npm run demo`: they start one after the other and end together.
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { withoutColours } from './colours.mjs';
import { root } from './install.mjs';
import { end, exitOf, startNode, startOurs } from './lifetime.mjs';

const kept = [];

/** What quiet programs have printed. */
export const printed = () => kept.join('');

/** Starts the built emulator; resolves when it says that it is ready. Quiet: it prints nothing. */
export async function startEmulator(port, { quiet = false } = {}) {
  const child = startOurs(join(root, 'build', 'emulator.js'), ['--port', String(port)], {
    stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'],
    env: withoutColours({ ...process.env }),
  });
  endWith(child, 'the emulator');
  if (quiet) keep(child);
  await new Promise((resolve) => {
    child.stdout.on('data', (text) => String(text).includes('emulator ready') && resolve());
  });
}

/**
 * Starts the functions of a bundle under twilio-run, with this environment file and nothing else; resolves when they respond.
 * Quiet: they print nothing. Without fork, a call gets no process of its own, and does not notice what is built anew.
 */
export async function startFunctions(port, { bundle, file }, { quiet = false, fork = true } = {}) {
  const args = ['start', '--port', String(port), '--env', file];
  if (!fork) args.push('--no-fork-process', '--no-live');
  // It takes folders that are relative to the project.
  for (const kind of ['functions', 'assets'])
    args.push(`--${kind}-folder`, relative(root, join(bundle, kind)));
  const output = quiet ? 'pipe' : 'inherit';
  const child = startNode(join(root, 'node_modules', 'twilio-run', 'bin', 'twilio-run.js'), args, {
    cwd: root,
    stdio: ['ignore', output, output],
    env: quiet ? withoutColours({ ...process.env }) : process.env,
  });
  endWith(child, 'twilio-run');
  if (quiet) keep(child);
  while (!(await fetch(`http://localhost:${port}/index.html`).catch(() => undefined))?.ok)
    await setTimeout(50);
}

/** Runs one program in the place of this process: its input and output, its exit code. */
export async function runAlone(program, args, env = process.env) {
  const child = startOurs(program, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit'], env });
  await end(await exitOf(child));
}

function endWith(child, name) {
  child.once('exit', (code, signal) => end(1, `${printed()}${name} ended unexpectedly (${signal ?? code})`));
}

function keep({ stdout, stderr }) {
  for (const stream of [stdout, stderr]) stream.on('data', (text) => kept.push(text));
}
