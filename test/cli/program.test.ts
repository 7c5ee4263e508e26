import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/programs';
import { temporaryFolder } from '../support/temporary-folder';

// The program as it is built: what a subcommand does not need is not loaded, so that each starts as fast as if it were alone.

const { folder, remove } = temporaryFolder();
afterAll(() => remove());

const preload = join(folder, 'packages.cjs');
writeFileSync(
  preload,
  `process.on('exit', () => {
    const files = Object.keys(require('node:module')._cache);
    const names = files.flatMap((file) => /.*node_modules.((?:@[^/]+.)?[^/]+)/.exec(file)?.[1] ?? []);
    console.error('packages ' + [...new Set(names)].join(' '));
  });`,
);

function packagesOf(args: readonly string[]): string[] {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', preload, join(root, 'build', 'cli.js'), ...args],
    { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  expect(status).toBe(0);
  return `${/^packages (.*)$/m.exec(stderr)?.[1]}`.split(' ');
}

/** What parses the command line, and what measures text. */
const EACH = [
  'commander',
  'string-width',
  'strip-ansi',
  'ansi-regex',
  'is-fullwidth-code-point',
  'emoji-regex',
];

test.each([
  [['--help']],
  [['policy', 'check']],
  [['policy', 'explain', 'onConversationAdded']],
  [['setup', '--help']],
  [['events', '--help']],
  [['studio', 'hand-off', '--url', 'https://my-service-1234-dev.twil.io']],
])('%j loads no package but those that parse the command line and measure text', (args) => {
  expect(packagesOf(args)).toEqual(EACH);
});

test('policy test loads yaml, and policy diff fast-check', () => {
  expect(packagesOf(['policy', 'test'])).toEqual([...EACH, 'yaml']);
  expect(packagesOf(['policy', 'diff', 'src/assets/policy.private.json', '--events', '1'])).toEqual(
    expect.arrayContaining(['fast-check']),
  );
});
