import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract, parametersOf } from '../support/contract';
import { variablesOf } from '../support/policy';
import { DEMO_POLICY, root } from '../support/programs';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const section = (title: string) =>
  readme.split(/^#{2,3} /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
/** A table's rows, as the names in the first cell and the text of the last. */
const rows = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => ({
      names: [...cells[0]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
      last: cells.at(-1)!.trim(),
    }));

test('lists each function, and no other', () => {
  const listed = rows(section('Functions')).flatMap(({ names }) => names);
  expect(listed.sort()).toEqual(Object.keys(contract.paths).sort());
});

const takers = Object.keys(contract.paths).filter((path) => path.startsWith('/webhooks/'));
test.each(takers)('lists the parameters of %s', (path) => {
  const listed = rows(section(path)).flatMap(({ names, last }) => {
    const required = last.split(', ');
    return names.map((name, i) => ({ name, required: (required[i] ?? required[0]) === 'yes' }));
  });
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  expect(listed.sort(byName)).toEqual(parametersOf(path).sort(byName));
});

test('lists the environment variables of .env.example', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const blocks = example.split(/\n\n/).flatMap((block) => {
    const [, name] = /^(\w+)=/m.exec(block) ?? [];
    return name === undefined ? [] : [{ name, block }];
  });
  for (const { block } of blocks)
    expect(block).toMatch(/^# description: .+\n(?:.*\n)*# format: .+\n(?:.*\n)*# required: (true|false)$/m);
  const listed = rows(section('Environment variables')).flatMap(({ names, last }) =>
    names.map((name) => [name, last !== 'no']),
  );
  const described = listed.map(([name]) => name);
  // What a policy needs is a team's own to say: README.md has what the shipped one needs.
  const shipped = variablesOf(DEMO_POLICY);
  const own = variablesOf(readFileSync(join(root, 'src', 'assets', 'policy.private.json'), 'utf8'));
  expect(listed).toEqual([
    ...blocks
      .filter(({ name }) => !shipped.includes(name) && (described.includes(name) || !own.includes(name)))
      .map(({ name, block }) => [name, block.includes('# required: true')]),
    ...shipped.map((name) => [name, true]),
  ]);
});

test('quotes only figures of the last benchmark', () => {
  const results = readFileSync(join(root, 'bench', 'results.md'), 'utf8');
  const quoted = section('How fast it is').match(/`\d+\.\d+`/g) ?? [];
  expect(quoted.length).toBeGreaterThan(4);
  for (const figure of quoted) expect(results).toContain(`| ${figure.replaceAll('`', '')} (`);
});
