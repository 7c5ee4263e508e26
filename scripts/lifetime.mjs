// A script and the programs that it starts end together, whichever of them ends first, and however.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onceNpmIsGone } from './npm.mjs';

const END_WITH_PARENT = preload('end-with-parent.cjs');
const ERRORS_WITHOUT_STACK = preload('errors-without-stack.cjs');
/** The signals that end a process and that it can handle. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const KILL_AFTER_MS = 3_000;

let killAfterMs = KILL_AFTER_MS;
const children = [];
let ending;
/** The exit code, once a signal or the end of npm asked this process to end. */
let requestedCode;

/**
 * For the first line of a script: SIGINT, SIGTERM, SIGHUP and the end of npm end its programs, then the script with this code.
 * An uncaught error ends them too, with code 1 and no stack. A program that has not ended after so long is killed.
 */
export function endOnSignal(code, timeoutMs = KILL_AFTER_MS) {
  killAfterMs = timeoutMs;
  const stopAll = () => {
    requestedCode ??= code;
    end(code);
  };
  for (const signal of SIGNALS) process.on(signal, stopAll);
  onceNpmIsGone(stopAll);
  process.on('uncaughtException', fail);
}

/** Starts a program that ends when this process does. */
export function start(command, args, options) {
  const child = spawn(command, args, options);
  children.push(child);
  return child;
}

/** Starts a Node.js program that ends with this process, even if this process is killed. */
export function startNode(program, args, options, preloads = []) {
  return start(process.execPath, [...END_WITH_PARENT, ...preloads, program, ...args], {
    ...options,
    stdio: [...options.stdio, 'ipc'],
  });
}

/** The same for our own programs: an uncaught error prints no stack. */
export function startOurs(program, args, options) {
  return startNode(program, args, options, ERRORS_WITHOUT_STACK);
}

/** The exit code of a started program, once its output is read. */
export async function exitOf(child) {
  const [code] = await once(child, 'close');
  return code ?? 1;
}

/** Whether this process is about to end. */
export const isEnding = () => ending !== undefined;

/** Ends the programs, then this process. `why` is printed unless a signal asked for the end. */
export function end(code, why) {
  ending ??= finish(code, why);
  return ending;
}

/** Ends the programs and this process with the error's message and no stack. */
export function fail(error) {
  return end(1, error?.message || String(error));
}

function preload(name) {
  return ['--require', fileURLToPath(new URL(name, import.meta.url))];
}

async function finish(code, why) {
  await Promise.all(children.map(stop));
  // Ctrl-C reaches the programs too, and they may end before this process handles the signal: that is not a failure.
  await setTimeout(100);
  if (why && requestedCode === undefined) console.error(why);
  process.exit(requestedCode ?? code);
}

async function stop(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  setTimeout(killAfterMs, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
  await ended;
}
