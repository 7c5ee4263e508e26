// What `npm start` serves follows what is edited. A build is made aside and replaces the one that is served only if all of it is
// valid; the programs keep running.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
} from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isEnding } from './lifetime.mjs';

/** An editor writes several files, or one in several steps. */
const QUIET_MS = 100;

/**
 * Calls `update` after each change in a folder's tree, or of one of the files next to it; one call at a time.
 * @param files their names
 * @param update must not throw
 */
export function watchSources(tree, files, update) {
  const { dir, base } = parse(tree);
  let changed = false;
  let updating = false;
  const onChange = async () => {
    changed = true;
    if (updating) return;
    updating = true;
    while (changed) {
      changed = false;
      await setTimeout(QUIET_MS);
      if (changed) continue;
      // Before the update reads them: what is written into a new folder from now on is a change of its own.
      watchFolders();
      if (!isEnding()) await update();
    }
    updating = false;
  };
  // Each folder by itself: a recursive watcher loses files that an editor replaces, in Node.js 20 on Linux. All of them anew
  // after each change, since a folder with the same name may be another one.
  let watchers = [];
  const watchFolders = () => {
    for (const watcher of watchers) watcher.close();
    watchers = foldersOf(tree).flatMap((folder) => watchFolder(folder, onChange));
  };
  watchFolders();
  watchFolder(dir, (name) => [base, ...files].includes(name) && onChange());
}

/**
 * Puts a build in the place of the one that is served, file by file, each of them whole.
 * @returns {string[]} the files that differ
 */
export function replaceBundle(served, built) {
  const names = filesOf(built);
  const differing = names.filter((name) => !isSame(join(served, name), join(built, name)));
  const gone = filesOf(served).filter((name) => !names.includes(name));
  for (const name of gone) rmSync(join(served, name));
  for (const name of differing) {
    mkdirSync(dirname(join(served, name)), { recursive: true });
    renameSync(join(built, name), join(served, name));
  }
  return [...differing, ...gone];
}

function watchFolder(folder, onChange) {
  try {
    // A folder that is removed is a change of the one that it was in.
    return [watch(folder, (_, name) => onChange(name)).on('error', () => {})];
  } catch ({ code, message }) {
    if (code !== 'ENOENT') console.warn(`changes in ${folder} are not noticed: ${message}`);
    return [];
  }
}

function foldersOf(tree) {
  if (!existsSync(tree)) return [];
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return [tree, ...folders.map(({ parentPath, name }) => join(parentPath, name))];
}

/** The functions and assets of a bundle, from its folder. */
function filesOf(bundle) {
  return ['functions', 'assets'].flatMap((kind) =>
    readdirSync(join(bundle, kind), { recursive: true })
      .map((name) => join(kind, name))
      .filter((name) => statSync(join(bundle, name)).isFile()),
  );
}

function isSame(one, other) {
  return statSync(one, { throwIfNoEntry: false }) && readFileSync(one).equals(readFileSync(other));
}
