export default {
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/support/build.mjs',
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
  // Two black-box suites at a time is what two cores carry: twilio-run forks a process per request.
  maxWorkers: 2,
  testTimeout: 90_000,
};
