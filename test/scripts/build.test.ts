import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clone } from '../support/clone';

const project = clone();
afterEach(() => project.restoreSource());
afterAll(() => project.remove());

const run = (program: string, ...args: string[]) =>
  spawnSync(program, args, { cwd: project.folder, encoding: 'utf8' });
const build = () => run(process.execPath, 'scripts/build.mjs');
const path = (...parts: string[]) => join(project.folder, ...parts);

test('builds each function under its own name, the assets as they are, and prints the sizes', () => {
  const { status, stdout } = run('npm', 'run', 'build', '--silent');
  expect(status).toBe(0);
  const filesIn = (...folder: string[]) =>
    readdirSync(path(...folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
  const built = filesIn('dist');
  const assets = filesIn('src', 'assets').map((name) => join('assets', name));
  const functions = filesIn('src', 'functions').map((name) =>
    join('functions', name.replace(/\.ts$/, '.js')),
  );
  expect(built.sort()).toEqual([...assets, ...functions].sort());
  for (const name of functions)
    expect(stdout).toMatch(new RegExp(`\\d+\\.\\d KB {2}${name.slice('functions/'.length)}`));
});

test('builds when it is called through a symbolic link', () => {
  rmSync(path('dist'), { recursive: true, force: true });
  const link = path('link.mjs');
  symlinkSync(path('scripts', 'build.mjs'), link);
  const { status, stdout } = spawnSync(process.execPath, [link], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(' KB  status.js\n') });
  expect(existsSync(path('dist', 'functions', 'status.js'))).toBe(true);
});

test.each(['policy.private.json', ''])('reports that the policy is missing without src/assets/%s', (name) => {
  rmSync(path('src', 'assets', name), { recursive: true });
  const { status, stderr } = build();
  expect(status).toBe(1);
  expect(stderr).toBe(
    'src/assets/policy.private.json is missing; the functions need a policy: restore it, or write one (docs/policy.md)\n',
  );
});

test('removes the files of an earlier build', () => {
  build();
  const stale = path('dist', 'functions', 'webhooks', 'old.js');
  writeFileSync(stale, '');
  expect(build().status).toBe(0);
  expect(existsSync(stale)).toBe(false);
});

test.each([
  ['has no handler', 'export {};', 'nothing.protected.js exports no handler'],
  ['does not load', "throw new Error('no');", 'no'],
  ['does not compile', 'export const handler = ;', 'Unexpected'],
])('fails if a function %s', (_, code, sentence) => {
  writeFileSync(path('src', 'functions', 'webhooks', 'nothing.protected.ts'), code);
  const { status, stderr } = build();
  expect(status).not.toBe(0);
  expect(stderr).toContain(sentence);
});

test('fails if a function is missing', () => {
  rmSync(path('src', 'functions', 'webhooks', 'list.protected.ts'));
  const { status, stderr } = build();
  expect(status).not.toBe(0);
  expect(stderr).toBe('build is incomplete: webhooks/list.protected.js missing\n');
});

test('fails the build with every issue of an invalid policy, and its path', () => {
  const policy = path('src', 'assets', 'policy.private.json');
  const broken = readFileSync(policy, 'utf8')
    .replace('"profile": "agent"', '"profile": "agnt"')
    .replace('"closed": []', '"closed": ["nobody"]');
  writeFileSync(policy, broken);
  const { status, stderr } = build();
  expect(status).not.toBe(0);
  expect(stderr).toContain(
    'policy.private.json: rules["asks-for-human"].profile: "agnt" is not a profile; did you mean "agent"?\n',
  );
  expect(stderr).toContain('policy.private.json: profiles.closed[0]: "nobody"');
  expect(stderr).not.toContain('    at ');
});

test('prints the warnings of a policy and succeeds', () => {
  const policy = path('src', 'assets', 'policy.private.json');
  writeFileSync(policy, readFileSync(policy, 'utf8').replace('"StateTo"', '"State"'));
  const { status, stderr } = build();
  expect(status).toBe(0);
  expect(stderr).toContain(
    'rules["conversation-closed"].when.State: "State" is not a documented field of onConversationStateUpdated',
  );
});

describe('with cases of the policy', () => {
  const cases = path('policy.tests.yaml');
  const greeting = (profile: string) =>
    `- { name: greets, events: [{ onConversationAdded: }], expect: { profile: ${profile} } }`;
  afterEach(() => rmSync(cases));

  test('plays them, and succeeds if all pass', () => {
    writeFileSync(cases, greeting('bot'));
    const { status, stdout, stderr } = build();
    expect([status, stderr]).toEqual([0, expect.stringContaining('1 of 1 cases passed')]);
    expect(stdout).not.toContain('cases');
  });

  test('fails if one fails, and says why', () => {
    writeFileSync(cases, greeting('agent'));
    const { status, stdout, stderr } = build();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      '"greets" failed\n  expected profile agent, got bot: rule "asks-for-human" is on onMessageAdded\n',
    );
    expect(stderr).toMatch(/\npolicy\.tests\.yaml: a case failed; correct the policy or the case\n$/);
  });
});
