// Paths are relative to the project: Stryker runs there.
export default {
  plugins: ['@stryker-mutator/jest-runner', './mutation/score.mjs'],
  testRunner: 'jest',
  jest: { configFile: 'mutation/jest.config.mjs' },
  coverageAnalysis: 'perTest',
  // A mutant that times out counts as killed. On a busy machine, the default of 5 s would kill some by itself.
  timeoutMS: 60_000,
  ignorePatterns: ['build', 'dist', 'coverage', '.env'],
  tempDirName: 'build/mutation/sandbox',
  cleanTempDir: 'always',
  reporters: ['progress', 'clear-text', 'score', 'json', 'html'],
  clearTextReporter: { reportTests: false, reportScoreTable: false, logTests: false },
  jsonReporter: { fileName: 'build/mutation/report.json' },
  htmlReporter: { fileName: 'build/mutation/report.html' },
};
