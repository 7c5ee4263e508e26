import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../support/programs';

// Tests read what programs print: a colour in it would be part of the text.

const program = 'console.log(JSON.stringify([process.env.NO_COLOR, process.env.FORCE_COLOR ?? null]))';
const args = ['-e', program];

test.each([
  ['nothing', undefined],
  ['what the test has', { env: { ...process.env } }],
])('a program that is given %s as its environment prints no colours', (_, options) => {
  const printed = execFileSync(process.execPath, args, { ...options, encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual(['1', null]);
});

test.each([
  ['a terminal', {}, true, true],
  ['a pipe', {}, false, false],
  ['a terminal, with NO_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['a pipe, with FORCE_COLOR', { FORCE_COLOR: '1' }, false, true],
  ['a terminal, with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
])('the demo decides on colours for %s', (_, env, isTerminal, expected) => {
  const url = pathToFileURL(join(root, 'scripts', 'colours.mjs')).href;
  const stream = isTerminal ? '{ hasColors: () => true }' : '{}';
  const code = `import { hasColours } from ${JSON.stringify(url)}; console.log(hasColours(${JSON.stringify(env)}, ${stream}))`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(JSON.parse(printed)).toBe(expected);
});

test('.ci/run runs the tests with colours, and prints their counts last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
  for (const name of ['.ci', 'bin', 'build']) mkdirSync(join(folder, name));
  cpSync(join(root, '.ci', 'run'), join(folder, '.ci', 'run'));
  const npm =
    '#!/bin/sh\necho "npm $1, FORCE_COLOR=$FORCE_COLOR"\necho "1 passed, 2 failed" >build/summary.txt\nexit 3\n';
  writeFileSync(join(folder, 'bin', 'npm'), npm, { mode: 0o755 });
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), { env, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect({ status, stdout }).toEqual({ status: 3, stdout: 'npm test, FORCE_COLOR=1\n1 passed, 2 failed\n' });
});
