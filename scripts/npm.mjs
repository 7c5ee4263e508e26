// npm starts a script in a shell. A signal that ends npm may reach neither of them, and the shell goes on without npm.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const SHELL = /^-?(ba|da|z|k|a)?sh$/;
const INTERVAL_MS = 500;

/** Calls back once npm has ended, if npm started this process. */
export function onceNpmIsGone(callback) {
  if (!process.env.npm_lifecycle_event) return;
  const links = linksToNpm();
  const timer = setInterval(() => {
    // A process that cannot be looked up proves nothing: if it has ended, its children have another parent.
    if (links.every(({ pid, parent }) => (parentOf(pid) ?? parent) === parent)) return;
    clearInterval(timer);
    callback();
  }, INTERVAL_MS).unref();
}

/** This process and the shells above it, each with its parent. The parent of the last one is npm. */
function linksToNpm() {
  const links = [{ pid: process.pid, parent: process.ppid }];
  for (;;) {
    const { parent: pid } = links.at(-1);
    const found = lookUp(pid);
    if (!found || !SHELL.test(found.name)) return links;
    links.push({ pid, parent: found.parent });
  }
}

function parentOf(pid) {
  return pid === process.pid ? process.ppid : lookUp(pid)?.parent;
}

/** The name and the parent of a process; undefined if they are unknown. */
function lookUp(pid) {
  const [, parent, name] = (process.platform === 'linux' ? fromProc(pid) : fromPs(pid)) ?? [];
  return parent && { parent: Number(parent), name: basename(name) };
}

// Not with ps, which images such as node:slim lack. A name may contain spaces and brackets.
function fromProc(pid) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return [undefined, parent, name];
  } catch {
    return undefined;
  }
}

function fromPs(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' });
  return /^\s*(\d+)\s+(.*)$/m.exec(stdout ?? '');
}
