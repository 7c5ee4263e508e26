import { posix } from 'node:path';

const KILLED = ['Killed', 'Timeout'];
/** Not run, or not valid: such a mutant says nothing about the tests. */
const UNRATED = ['Ignored', 'Pending', 'CompileError', 'RuntimeError'];

/**
 * The mutants that the tests killed, of each folder and of all of them.
 * @param files those of a mutation testing report: path → { mutants: { status }[] }
 */
export function scores(files) {
  const folders = new Map();
  const all = { folder: 'all', killed: 0, total: 0 };
  for (const [file, { mutants }] of Object.entries(files).sort()) {
    const folder = posix.dirname(file);
    if (!folders.has(folder)) folders.set(folder, { folder, killed: 0, total: 0 });
    const rated = mutants.filter(({ status }) => !UNRATED.includes(status));
    for (const score of [folders.get(folder), all]) {
      score.killed += rated.filter(({ status }) => KILLED.includes(status)).length;
      score.total += rated.length;
    }
  }
  return [...folders.values(), all];
}

/** A line for each score: `src/policy  46/54  85%`. */
export function table(rows) {
  const cells = rows.map(({ folder, killed, total }) => [
    folder,
    `${killed}/${total}`,
    // Rounded down: 100% is all of them.
    total === 0 ? '-' : `${Math.floor((100 * killed) / total)}%`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map(([folder, ...numbers]) =>
      [folder.padEnd(widths[0]), ...numbers.map((text, at) => text.padStart(widths[at + 1]))].join('  '),
    )
    .join('\n');
}

class ScoreReporter {
  onMutationTestReportReady({ files }) {
    console.log(`\nkilled mutants\n${table(scores(files))}\n`);
  }
}

const MAX_REASON = 2_000;

// A failed assertion may print a whole server: with all of them, the reports after this one would be too long for a string.
class ShortReasonsReporter {
  onMutationTestReportReady({ files }) {
    for (const { mutants } of Object.values(files))
      for (const mutant of mutants) mutant.statusReason = mutant.statusReason?.slice(0, MAX_REASON);
  }
}

// What Stryker looks for in a plugin.
export const strykerPlugins = [
  { kind: 'Reporter', name: 'score', injectableClass: ScoreReporter },
  { kind: 'Reporter', name: 'short-reasons', injectableClass: ShortReasonsReporter },
];
