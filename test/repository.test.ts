import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import manifest from '../package.json';
import lock from '../package-lock.json';
import { root } from './support/programs';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly 'timeout-minutes'?: number;
  readonly permissions?: unknown;
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } };
  readonly steps: readonly Step[];
}
interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly value?: string; readonly options?: string[] };
}

const text = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const tracked = (...patterns: string[]) =>
  execFileSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);

test.each(tracked('*.yml', '*.yaml'))('%s is valid YAML', (file) => {
  const { errors, warnings, contents } = parseDocument(text(file));
  expect([...errors, ...warnings]).toEqual([]);
  expect(contents).not.toBeNull();
});

describe('workflows', () => {
  const folder = join('.github', 'workflows');
  const files = readdirSync(join(root, folder));
  const jobs = (file: string) => parse(text(folder, file)).jobs as Readonly<Record<string, Job>>;
  const steps = (file: string) => Object.values(jobs(file)).flatMap((job) => job.steps);

  test.each(files)('%s pins actions to a commit, with the version beside it', (file) => {
    const used = text(folder, file).match(/uses: .*/g) ?? [];
    expect(used.length).toBeGreaterThan(0);
    for (const line of used) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test.each(files)('%s runs only scripts that exist', (file) => {
    for (const { run = '' } of steps(file)) {
      for (const [, script] of run.matchAll(/npm (?:run )?([\w-]+)/g))
        expect(Object.keys(manifest.scripts)).toContain(script);
      for (const [, script] of run.matchAll(/node (\S+)/g))
        expect(existsSync(join(root, script!))).toBe(true);
    }
  });

  test.each(files)(
    '%s may read the repository and no more, a release write it; each job has a timeout',
    (file) => {
      expect(parse(text(folder, file)).permissions).toEqual({ contents: 'read' });
      for (const job of Object.values(jobs(file))) {
        expect(job.permissions).toEqual(file === 'release.yml' ? { contents: 'write' } : undefined);
        expect(job['timeout-minutes']).toBeGreaterThan(0);
        const checkout = job.steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
        expect(checkout?.with).toEqual({ 'persist-credentials': false });
      }
    },
  );

  test.each(files)('%s puts no input or event into a shell command', (file) => {
    for (const { run = '' } of steps(file)) expect(run).not.toContain('${{');
  });

  test('CI runs .ci/run on each supported Node', () => {
    expect(jobs('ci.yml').test?.strategy?.matrix.node).toEqual([20, 22, 24]);
    expect(manifest.engines.node).toMatch(/^>=20\./);
    expect(steps('ci.yml').at(-1)?.run).toBe('.ci/run');
  });

  test('a deployment gets each variable that it needs', () => {
    const required = [...text('.env.example').matchAll(/^# required: true\n(?:#.*\n)*(\w+)=/gm)];
    const names = required.map(([, name]) => name);
    expect(names).toContain('AUTH_TOKEN');
    expect(Object.keys(steps('deploy.yml').at(-1)?.env ?? {})).toEqual(expect.arrayContaining(names));
  });
});

describe('issue forms', () => {
  const folder = join('.github', 'ISSUE_TEMPLATE');
  const forms = readdirSync(join(root, folder)).filter((file) => file !== 'config.yml');

  test.each(forms)('%s has a name, a description and fields that GitHub knows', (file) => {
    const form = parse(text(folder, file)) as { name: string; description: string; body: readonly Field[] };
    expect(form).toEqual({
      name: expect.any(String),
      description: expect.any(String),
      body: expect.any(Array),
    });
    for (const { type, id, attributes } of form.body) {
      expect(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes']).toContain(type);
      if (type === 'markdown') expect(attributes.value).toMatch(/\S/);
      else expect([id, attributes.label]).toEqual([expect.stringMatching(/^[\w-]+$/), expect.any(String)]);
      if (type === 'dropdown') expect(new Set(attributes.options).size).toBe(attributes.options?.length);
    }
    const ids = form.body.flatMap(({ id }) => id ?? []);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('send vulnerabilities to the security policy', () => {
    const { blank_issues_enabled, contact_links } = parse(text(folder, 'config.yml'));
    expect(blank_issues_enabled).toBe(false);
    const link = { name: expect.any(String), url: expect.stringMatching(/^https:/) };
    expect(contact_links).toEqual([{ ...link, about: expect.stringContaining('SECURITY.md') }]);
    expect(text('SECURITY.md')).toContain('**Report a vulnerability**');
  });
});

describe('packages', () => {
  const folders = tracked('package.json', '*/package.json').map((file) => dirname(join('/', file)));

  test('Dependabot updates each folder with a package.json, and the actions', () => {
    const [npm, actions] = parse(text('.github', 'dependabot.yml')).updates;
    expect([npm['package-ecosystem'], actions['package-ecosystem']]).toEqual(['npm', 'github-actions']);
    expect(npm.directories.sort()).toEqual(folders.sort());
  });

  test.each(folders)('the versions of %s are exact, and its lock names no registry', (folder) => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(text(folder, 'package.json'));
    for (const version of Object.values({ ...dependencies, ...optionalDependencies, ...devDependencies }))
      expect(version).toMatch(/^(npm:[\w-]+@)?\d+\.\d+\.\d+$/);
    expect(text(folder, 'package-lock.json')).not.toContain('"resolved"');
  });
});

test('every file that holds the version agrees with package.json', () => {
  const { version } = manifest;
  expect([lock.version, lock.packages[''].version]).toEqual([version, version]);
  expect(parse(text('docs', 'openapi.yaml')).info.version).toBe(version);
});

test('CHANGELOG.md has what is unreleased first, then a dated section for each version, the current one on top', () => {
  const [unreleased, ...released] = [...text('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(
    ([, title]) => title!,
  );
  expect(unreleased).toBe('[Unreleased]');
  for (const title of released) expect(title).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/);
  expect(released[0]).toContain(`[${manifest.version}]`);
  const dates = released.map((title) => title.slice(-10));
  expect(dates).toEqual([...dates].sort().reverse());
});
