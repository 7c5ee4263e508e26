// The two programs behind `npm start`: they start one after the other and end together.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './install.mjs';

const children = [];

/** Starts the built emulator; resolves when it says that it is ready. */
export async function startEmulator(port) {
  const child = run(
    join(root, 'build', 'emulator.js'),
    ['--port', String(port)],
    ['ignore', 'pipe', 'inherit'],
  );
  await new Promise((resolve) => {
    child.stdout.on('data', (text) => String(text).includes('emulator ready') && resolve());
  });
}

/** Starts the built functions under twilio-run, with this environment file and nothing else; resolves when they answer. */
export async function startFunctions(port, envFile) {
  const program = join(root, 'node_modules', 'twilio-run', 'bin', 'twilio-run.js');
  run(program, ['start', '--port', String(port), '--env', envFile], ['ignore', 'inherit', 'inherit']);
  while (!(await fetch(`http://localhost:${port}/index.html`).catch(() => undefined))?.ok)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function run(program, args, stdio) {
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio });
  child.once('exit', () => end(1, `${program} has ended`));
  children.push(child);
  return child;
}

function end(code, why) {
  if (why) console.error(why);
  for (const child of children) child.removeAllListeners('exit').kill('SIGTERM');
  process.exit(code);
}

process.on('SIGINT', () => end(0));
process.on('SIGTERM', () => end(0));

// A SIGTERM to npm ends npm and its shell, and never reaches this process: being orphaned is being told.
const { ppid } = process;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== ppid && end(0), 250).unref();
