// The two programs behind `npm start` and `npm run demo`: they start one after the other and end together.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root } from './install.mjs';

const children = [];
const kept = [];
let ending;
/** The exit code, once this process was told to end. */
let told;

/** Starts the built emulator; resolves when it says that it is ready. Quiet: it prints nothing, unless all ends badly. */
export async function startEmulator(port, { quiet = false } = {}) {
  const program = join(root, 'build', 'emulator.js');
  const child = run(program, ['--port', String(port)], ['ignore', 'pipe', quiet ? 'pipe' : 'inherit']);
  if (quiet) keep(child);
  await new Promise((resolve) => {
    child.stdout.on('data', (text) => String(text).includes('emulator ready') && resolve());
  });
}

/** Starts the built functions under twilio-run, with this environment file and nothing else; resolves when they answer. */
export async function startFunctions(port, envFile, { quiet = false } = {}) {
  const program = join(root, 'node_modules', 'twilio-run', 'bin', 'twilio-run.js');
  const output = quiet ? 'pipe' : 'inherit';
  const child = run(program, ['start', '--port', String(port), '--env', envFile], ['ignore', output, output]);
  if (quiet) keep(child);
  while (!(await fetch(`http://localhost:${port}/index.html`).catch(() => undefined))?.ok)
    await setTimeout(50);
}

/** Ends the programs, then this process. Where that is a failure, it prints what quiet programs did not. */
export function end(code, why) {
  ending ??= finish(code, why);
  return ending;
}

/** Ctrl-C, SIGTERM and the end of npm end the programs, and this process with that code. */
export function endWhenTold(code) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => tell(code));
  // A SIGTERM to npm ends npm and its shell, and never reaches this process: being orphaned is being told.
  const { ppid } = process;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== ppid && tell(code), 250).unref();
}

function tell(code) {
  told = code;
  end(code);
}

async function finish(code, why) {
  await Promise.all(children.map(stop));
  // Ctrl-C goes to the programs as well: their end may be noticed before the signal is, and is no failure then.
  await setTimeout(100);
  if (why && told === undefined) console.error([...kept, why].join(''));
  process.exit(told ?? code);
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  setTimeout(3_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
  await ended;
}

/** Runs one program in the place of this process: its output, its exit code. */
export function runAlone(program, args) {
  const child = run(program, args, 'inherit');
  child.removeAllListeners('exit').once('exit', (code) => end(code ?? 1));
}

function run(program, args, stdio) {
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio });
  child.once('exit', () => end(1, `${program} has ended`));
  children.push(child);
  return child;
}

function keep({ stdout, stderr }) {
  for (const stream of [stdout, stderr]) stream.on('data', (text) => kept.push(text));
}
