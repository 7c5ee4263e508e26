import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { common } from '../jest.config.mjs';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

// Unit tests mirror src/: test/policy that of src/policy, test/x.test.ts that of src/x.ts. They start no program.
const sources = readdirSync(join(rootDir, 'src'), { recursive: true }).filter((path) => path.endsWith('.ts'));
const names = new Set(sources.map((path) => path.split(sep)[0]));
const testMatch = [...names].map((name) =>
  name.endsWith('.ts')
    ? `<rootDir>/test/${name.replace(/ts$/, 'test.ts')}`
    : `<rootDir>/test/${name}/**/*.test.ts`,
);

// Stryker brings an environment of its own.
const { testEnvironment, ...unit } = common;

export default {
  ...unit,
  rootDir,
  testMatch,
  // Random events for ten seconds, which each mutant of src/sync would have to sit out.
  testPathIgnorePatterns: ['/test/sync/never-miss\\.test\\.ts$'],
  setupFiles: ['<rootDir>/mutation/set-up.cjs'],
  // Many a mutant never responds. A failed test is cheaper than a runner that has to be started anew.
  testTimeout: 10_000,
};
