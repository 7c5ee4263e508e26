import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { policy } from '../../cli/policy/policy';
import { policyFolder } from '../support/policy-folder';
import { root } from '../support/programs';

// The recipes of docs/policy.md do what they say: each has cases, in which each of its rules decides.

const project = policyFolder();
afterAll(() => project.remove());

const [, chapter] = readFileSync(join(root, 'docs', 'policy.md'), 'utf8').split('\n## Recipes\n');
const recipes = chapter!
  .split(/^### /m)
  .slice(1)
  .map((text) => [/^.*/.exec(text)![0], text] as const);
const block = (text: string, kind: string) =>
  new RegExp(`\`\`\`${kind}\n(.*?)\`\`\``, 's').exec(text)?.[1] ?? '';
const isOfForm = new Ajv({ strictTypes: false }).compile(
  JSON.parse(readFileSync(join(root, 'schema', 'policy-tests.schema.json'), 'utf8')),
);

test('are as many as there were', () => {
  expect(recipes.length).toBeGreaterThanOrEqual(4);
});

test.each(recipes)('%s passes its cases, which reach each rule', async (_, text) => {
  const yaml = block(text, 'yaml');
  project.write(block(text, 'json'));
  writeFileSync(join(project.folder, 'policy.tests.yaml'), yaml);
  const printed: string[] = [];
  const print = (line: string) => printed.push(line);
  const terminal = { folder: project.folder, out: print, err: print };
  const code = await policy(['test', '--min-coverage', '100'], terminal);
  expect([code, printed]).toEqual([0, [expect.stringMatching(/ cases passed, .* rules covered \(100 %\)$/)]]);
  expect([isOfForm(parse(yaml)), isOfForm.errors]).toEqual([true, null]);
});
