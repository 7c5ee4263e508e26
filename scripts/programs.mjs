// The two programs behind `npm start` and `npm run demo`: they start one after the other and end together.
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withOurColours, withoutColours } from './colours.mjs';
import { keepLog } from './function-log.mjs';
import { root } from './install.mjs';
import { end, exitOf, startNode, startOurs } from './lifetime.mjs';

const SET_VARIABLES = fileURLToPath(new URL('set-variables.cjs', import.meta.url));

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
 * @param api of the emulator, which is to list what they log
 * @returns a function that gives the calls from now on other variables
 */
export async function startFunctions(port, { bundle, file }, { quiet = false, fork = true, api } = {}) {
  // As a project of its own, since twilio-run notices no new file in folders that are configured.
  for (const name of ['package.json', '.twilioserverlessrc']) writeFileSync(join(bundle, name), '{}');
  const args = ['start', '--port', String(port), '--cwd', bundle, '--env', file];
  if (!fork) args.push('--no-fork-process', '--no-live');
  const options = {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: quiet ? withoutColours({ ...process.env }) : withOurColours({ ...process.env }),
  };
  const twilioRun = join(root, 'node_modules', 'twilio-run', 'bin', 'twilio-run.js');
  const child = startNode(twilioRun, args, options, ['--require', SET_VARIABLES]);
  endWith(child, 'twilio-run');
  if (quiet) keep(child);
  else for (const name of ['stdout', 'stderr']) child[name].pipe(process[name]);
  if (api) await keepLog(child, { api, port });
  while (!(await fetch(`http://localhost:${port}/index.html`).catch(() => undefined))?.ok)
    await setTimeout(50);
  return async (variables) => {
    const isSet = once(child, 'message');
    // If it has ended, so does this process.
    child.send({ variables }, () => {});
    await isSet;
  };
}

/** Runs one program in the place of this process: its input and output, its exit code. */
export async function runAlone(program, args, env = process.env) {
  const child = startOurs(program, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit'], env });
  // Where the program could not remove its folder itself, as it was killed.
  child.once('exit', () =>
    rmSync(join(tmpdir(), `conversation-webhooks-ca-${child.pid}`), { recursive: true, force: true }),
  );
  await end(await exitOf(child));
}

function endWith(child, name) {
  child.once('exit', (code, signal) => end(1, `${printed()}${name} ended unexpectedly (${signal ?? code})`));
}

function keep({ stdout, stderr }) {
  for (const stream of [stdout, stderr]) stream.on('data', (text) => kept.push(text));
}
