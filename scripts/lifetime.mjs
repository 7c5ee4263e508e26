// A script and the programs that it starts end together, whichever of them ends first, and however.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onceNpmIsGone } from './npm.mjs';

const END_WITH_PARENT = preload('end-with-parent.cjs');
const ONE_SENTENCE = preload('one-sentence.cjs');
/** What asks a process to end, and can be heard. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const KILL_AFTER_MS = 3_000;

const children = [];
let ending;
/** The exit code, once this process was told to end. */
let told;

/**
 * For the first line of a script. Ctrl-C, the other signals that ask for an end, and the end of npm end its programs, and then the
 * script with that code. So does an error that nothing catches, with 1 and no stack.
 */
export function endWhenTold(code) {
  const tell = () => {
    told ??= code;
    end(code);
  };
  for (const signal of SIGNALS) process.on(signal, tell);
  onceNpmIsGone(tell);
  process.on('uncaughtException', fail);
}

/** Starts a program that ends when this process does. */
export function start(command, args, options) {
  const child = spawn(command, args, options);
  children.push(child);
  return child;
}

/** Starts a program of Node's, which ends with this process even where that is killed. */
export function startNode(program, args, options, preloads = []) {
  return start(process.execPath, [...END_WITH_PARENT, ...preloads, program, ...args], {
    ...options,
    stdio: [...options.stdio, 'ipc'],
  });
}

/** The same for a program of ours, whose errors print no stack. */
export function startOurs(program, args, options) {
  return startNode(program, args, options, ONE_SENTENCE);
}

/** The exit code of a program that was started, once all that it prints was read. */
export async function exitOf(child) {
  const [code] = await once(child, 'close');
  return code ?? 1;
}

/** Ends the programs, then this process. Where that is a failure, `why` says of what kind. */
export function end(code, why) {
  ending ??= finish(code, why);
  return ending;
}

/** Ends the programs and this process with what went wrong, without a stack that only we could read. */
export function fail(error) {
  return end(1, error?.message || String(error));
}

function preload(name) {
  return ['--require', fileURLToPath(new URL(name, import.meta.url))];
}

async function finish(code, why) {
  await Promise.all(children.map(stop));
  // Ctrl-C goes to the programs as well: their end may be noticed before the signal is, and is no failure then.
  await setTimeout(100);
  if (why && told === undefined) console.error(why);
  process.exit(told ?? code);
}

async function stop(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  setTimeout(KILL_AFTER_MS, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
  await ended;
}
