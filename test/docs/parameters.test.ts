import { contract, parametersOf } from '../support/contract';
import { page, rows, section } from '../support/markdown';

const functions = page('docs/functions.md');

test('lists each function, and no other', () => {
  const [overview] = functions.split(/^## /m);
  const listed = rows(overview!).flatMap(({ names }) => names);
  expect(listed.sort()).toEqual(Object.keys(contract.paths).sort());
});

const takers = Object.keys(contract.paths).filter((path) => /^\/(webhooks|flex)\//.test(path));
test.each(takers)('lists the parameters of %s', (path) => {
  const [table] = section(functions, path).match(/^\| parameter \|(?:.*\n)+?\n/m) ?? [''];
  const listed = rows(table).flatMap(({ names, last }) => {
    const required = last.split(', ');
    return names.map((name, i) => ({ name, required: (required[i] ?? required[0]) === 'yes' }));
  });
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  expect(listed.sort(byName)).toEqual(parametersOf(path).sort(byName));
});
