import { fileURLToPath } from 'node:url';

// Paths are relative to the project: Stryker runs there.
export default {
  plugins: ['@stryker-mutator/jest-runner', './mutation/reporters.mjs'],
  testRunner: 'jest',
  // The test runners end with Stryker, even if it is killed.
  testRunnerNodeArgs: [
    '--require',
    fileURLToPath(new URL('../scripts/end-with-parent.cjs', import.meta.url)),
  ],
  jest: { configFile: 'mutation/jest.config.mjs' },
  coverageAnalysis: 'perTest',
  // A mutant that times out counts as killed. On a busy machine, the default of 5 s kills some by itself.
  timeoutMS: 20_000,
  ignorePatterns: ['build', 'dist', 'coverage', '.env'],
  tempDirName: 'build/mutation/sandbox',
  cleanTempDir: 'always',
  reporters: ['progress', 'clear-text', 'score', 'short-reasons', 'json', 'html'],
  clearTextReporter: { reportTests: false, reportScoreTable: false, logTests: false },
  jsonReporter: { fileName: 'build/mutation/report.json' },
  htmlReporter: { fileName: 'build/mutation/report.html' },
};
