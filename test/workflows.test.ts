import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { engines, scripts } from '../package.json';
import { root } from './support/programs';

const folder = join(root, '.github', 'workflows');
const files = readdirSync(folder);
const text = (file: string) => readFileSync(join(folder, file), 'utf8');
const steps = (file: string): { uses?: string; run?: string }[] =>
  Object.values(parse(text(file)).jobs as Record<string, { steps: object[] }>).flatMap((job) => job.steps);

test.each(files)('%s uses actions by commit, with the version beside it', (file) => {
  const used = text(file).match(/uses: .*/g) ?? [];
  expect(used.length).toBeGreaterThan(0);
  for (const line of used) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test.each(files)('%s starts scripts that there are', (file) => {
  const started = steps(file).flatMap(({ run = '' }) => [...run.matchAll(/npm (?:run )?([\w-]+)/g)]);
  for (const [, script] of started) expect(Object.keys(scripts)).toContain(script);
  expect(parse(text(file)).permissions).toEqual({ contents: 'read' });
});

test('CI runs .ci/run on each Node that is supported', () => {
  const { matrix } = parse(text('ci.yml')).jobs.test.strategy;
  expect(matrix.node).toEqual([20, 22, 24]);
  expect(engines.node).toMatch(/^>=20\./);
  expect(steps('ci.yml').at(-1)?.run).toBe('.ci/run');
});

test('a deployment is given each variable that it needs', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const required = [...example.matchAll(/^# required: true\n(?:#.*\n)*(\w+)=/gm)].map(([, name]) => name);
  expect(required).toContain('AUTH_TOKEN');
  const { env } = parse(text('deploy.yml')).jobs.deploy.steps.at(-1);
  expect(Object.keys(env)).toEqual(expect.arrayContaining(required));
});
