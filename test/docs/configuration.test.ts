import { page, rows } from '../support/markdown';
import { variablesOf } from '../support/policy';
import { DEMO_POLICY } from '../support/programs';

test('lists the environment variables of .env.example', () => {
  const blocks = page('.env.example')
    .split(/\n\n/)
    .flatMap((block) => {
      const [, name] = /^(\w+)=/m.exec(block) ?? [];
      return name === undefined ? [] : [{ name, block }];
    });
  for (const { block } of blocks)
    expect(block).toMatch(/^# description: .+\n(?:.*\n)*# format: .+\n(?:.*\n)*# required: (true|false)$/m);
  const listed = rows(page('docs/configuration.md')).flatMap(({ names, last }) =>
    names.map((name) => [name, last !== 'no']),
  );
  const described = listed.map(([name]) => name);
  // What a policy needs is a team's own to say: the page has what the default one needs.
  const shipped = variablesOf(DEMO_POLICY);
  const own = variablesOf(page('src/assets/policy.private.json'));
  expect(listed).toEqual([
    ...blocks
      .filter(({ name }) => !shipped.includes(name) && (described.includes(name) || !own.includes(name)))
      .map(({ name, block }) => [name, block.includes('# required: true')]),
    ...shipped.map((name) => [name, true]),
  ]);
});
