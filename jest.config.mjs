// The projects of the tests: `npm run test:unit`, `npm run test:stack`, and, with both, `npm test`.

/** Tests that run the emulator, or what is built: the programs, the page, and the functions under twilio-run. */
const STACK = [
  '/test/(assets|chaos|deploy|e2e|emulator|flows|scripts)/.*\\.test\\.ts$',
  '/test/(bench/(calls|quick)|cli/(call|events|probe|program|setup(-check)?|fleet/(report|sync|retire))|docs/(functions|guides|mermaid|openapi)|twilio/executions)\\.test\\.ts$',
];
/** Tests that try every order of events, or many random ones. */
const MODEL_CHECKING = ['/test/(model-checking/.*|sync/never-miss|cli/policy-(diff|truth))\\.test\\.ts$'];

export const common = {
  roots: ['<rootDir>/test'],
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
  testTimeout: 90_000,
};

export default {
  projects: [
    { ...common, displayName: 'unit', testPathIgnorePatterns: [...STACK, ...MODEL_CHECKING] },
    {
      ...common,
      displayName: 'stack',
      testRegex: STACK,
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
    { ...common, displayName: 'model-checking', testRegex: MODEL_CHECKING },
  ],
  testTimeout: common.testTimeout,
  maxWorkers: '100%',
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
};
