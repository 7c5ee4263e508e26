import { scripts } from '../../package.json';
import { page, rows } from '../support/markdown';

test.each(['commands', 'outputs'])('lists each program of operators among the %s', (table) => {
  const [commands, outputs] = page('docs/cli.md').split('\n## JSON\n');
  const listed = rows(table === 'commands' ? commands! : outputs!).flatMap(({ names }) => names);
  const programs = Object.entries(scripts).flatMap(([name, script]) =>
    script.startsWith('node scripts/cli.mjs ') ? [name] : [],
  );
  expect([...new Set(listed.map((name) => name.split(' ')[0]))].sort()).toEqual(programs.sort());
});
