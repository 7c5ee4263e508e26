import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { policyFolder } from '../support/policy-folder';
import { root } from '../support/programs';
import { readRecipes } from '../support/recipes';

// The recipes of docs/policy.md and of the guides do what they say: each has cases, in which each of its rules decides.

const project = policyFolder();
afterAll(() => project.remove());

const recipes = readRecipes();
const isOfForm = new Ajv({ strictTypes: false }).compile(
  JSON.parse(readFileSync(join(root, 'schema', 'policy-tests.schema.json'), 'utf8')),
);

test('are as many as there were', () => {
  expect(recipes.length).toBeGreaterThanOrEqual(9);
});

test.each(recipes)('$name passes its cases, which reach each rule', async ({ policy: text, cases }) => {
  project.write(text);
  writeFileSync(join(project.folder, 'policy.tests.yaml'), cases);
  const { code, printed } = await project.run('test', '--min-coverage', '100');
  expect([code, printed]).toEqual([0, [expect.stringMatching(/ cases passed, .* rules covered \(100 %\)$/)]]);
  expect([isOfForm(parse(cases)), isOfForm.errors]).toEqual([true, null]);
});
