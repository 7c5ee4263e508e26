import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/programs';

// scripts/changelog.mjs, in a project with a CHANGELOG.md of its own.

const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script = join('scripts', 'changelog.mjs');
cpSync(join(root, script), join(folder, script));
writeFileSync(
  join(folder, 'CHANGELOG.md'),
  `# Changelog

## [Unreleased]

- Not yet.

## [1.10.0] - 2026-03-01

## [1.1.0] - 2026-02-01

Two things.

### Added

- One, \`## not a heading\`.

### Fixed

- The other.

## [1.0.0] - 2026-01-01

- The first.
`,
);

function changelog(tag: string, version: string) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, script), tag], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test.each([
  ['1.1.0', 'Two things.\n\n### Added\n\n- One, `## not a heading`.\n\n### Fixed\n\n- The other.\n'],
  ['1.0.0', '- The first.\n'],
])('prints the section of %s without its heading', (version, stdout) => {
  expect(changelog(`v${version}`, version)).toEqual({ status: 0, stdout, stderr: '' });
});

test.each([
  ['v1.1.0', '1.0.0', 'The tag is v1.1.0, but package.json has version 1.0.0.'],
  ['1.0.0', '1.0.0', 'The tag is 1.0.0, but package.json has version 1.0.0.'],
  ['v2.0.0', '2.0.0', 'CHANGELOG.md has no notes under "## [2.0.0]".'],
  ['v1.10.0', '1.10.0', 'CHANGELOG.md has no notes under "## [1.10.0]".'],
])('refuses the tag %s of version %s', (tag, version, message) => {
  expect(changelog(tag, version)).toEqual({ status: 1, stdout: '', stderr: `${message}\n` });
});
