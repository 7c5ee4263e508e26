import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** What takes longest, also on a machine where nothing has run before. */
const FIRST = [
  'scripts/lifetime',
  'model-checking/faults',
  'scripts/own-policy',
  'e2e/fuzz',
  'model-checking/two-runs',
  'assets/looks',
  'emulator/console/looks',
  'e2e/hostile',
  'model-checking/random',
  'model-checking/disturbed',
  'deploy/refusals',
  'scripts/demo',
  'scripts/start',
  'e2e/failure',
  'assets/commands',
].map((name) => `${sep}test${sep}${name.replaceAll('/', sep)}.test.ts`);

/** Starts the longest files first, so that at the end no worker is left alone with one of them. */
export default class LongestFirst extends (Sequencer.default ?? Sequencer) {
  sort(tests) {
    const rank = ({ path }) => {
      const at = FIRST.findIndex((name) => path.endsWith(name));
      return at < 0 ? FIRST.length : at;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
