import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cli } from '../../cli/cli';
import { scripts } from '../../package.json';
import { root } from '../support/programs';

// `npm run cli`, which runs the others.

async function run(...args: string[]) {
  const printed = { out: [] as string[], err: [] as string[] };
  const code = await cli(
    args,
    {},
    {
      folder: root,
      out: (text) => printed.out.push(...text.split('\n')),
      err: (text) => printed.err.push(...text.split('\n')),
    },
  );
  return { code, ...printed };
}

const NAMES = ['setup', 'call', 'policy', 'events', 'why', 'fleet', 'probe', 'studio'];

test.each([[[]], [['--help']], [['-h']]])('lists its subcommands, one line each, with %j', async (args) => {
  const { code, out, err } = await run(...args);
  expect({ code, err }).toEqual({ code: 0, err: [] });
  expect(out[0]).toBe('Usage: npm run cli -- <command> [options]');
  const commands = out.slice(out.indexOf('Commands:') + 1);
  const listed = commands.slice(0, commands.indexOf(''));
  expect(listed.map((line) => /^ {2}(\w+) {2,}\w/.exec(line)?.[1])).toEqual(NAMES);
});

test('has a script in package.json for each subcommand, and a folder', () => {
  const started = Object.entries(scripts).filter(([, command]) => command.startsWith('node scripts/cli.mjs'));
  expect(Object.fromEntries(started)).toEqual({
    cli: 'node scripts/cli.mjs',
    ...Object.fromEntries(NAMES.map((name) => [name, `node scripts/cli.mjs ${name}`])),
  });
  for (const name of NAMES) expect(readdirSync(join(root, 'cli', name))).toContain(`${name}.ts`);
});

const COMMANDS = [
  ...NAMES.map((name) => [name]),
  ...['check', 'test', 'explain', 'diagram', 'diff'].map((name) => ['policy', name]),
  ...['report', 'sync', 'retire'].map((name) => ['fleet', name]),
];

test.each(COMMANDS)('%s %s has help with its own name, exit codes and examples', async (...words) => {
  const [name, ...command] = words.filter((word) => word !== undefined);
  const { code, out, err } = await run(name!, ...command, '--help');
  expect({ code, err }).toEqual({ code: 0, err: [] });
  const usage = ['Usage: npm run', name, '--', ...command].join(' ');
  expect(out[0]!.slice(0, usage.length)).toBe(usage);
  expect(out.join('\n')).toMatch(/^ {2}-h, --help +print this help$/m);
  // Commands to copy are not cut.
  expect(out.slice(0, out.indexOf('Examples:')).filter((line) => line.length > 80)).toEqual([]);
  const after = (title: string) => {
    const lines = out.slice(out.indexOf(title) + 1);
    return lines.slice(0, lines.includes('') ? lines.indexOf('') : undefined);
  };
  expect(out).toContain('Exit codes:');
  const codes = after('Exit codes:').map((line) => /^ {2}(\d) {2}\S/.exec(line)?.[1]);
  expect(codes).toEqual([...codes].sort());
  expect(codes).toEqual(expect.arrayContaining(['0', '1', '2']));
  expect(out).toContain('Examples:');
  for (const example of after('Examples:'))
    expect(example).toMatch(
      new RegExp(`\\bnpm run (-s |--silent )?${[name, '--', ...command].join(' ')}|^  npm run ${name}$`),
    );
});

test.each([
  [['polcy', '--json'], 'unknown command polcy; did you mean policy?'],
  [['setup', '--json', '--rmeove'], 'unknown option --rmeove; did you mean --remove?'],
  [['call', '--json'], 'missing required argument function; see npm run call -- --help'],
  [
    ['policy', 'check', '--json', '--policy'],
    'option --policy <file> argument missing; see npm run policy -- check --help',
  ],
  [['events', '--json', 'all'], 'unexpected argument; see npm run events -- --help'],
  [['fleet', 'report', '--json', '--state=opne'], '--state must be active, inactive or closed'],
  [['fleet', 'sync', '--json', '--limit', '0'], '--limit must be a number from 1 on, not "0"'],
  [['probe', '--json', '--wait', '0'], '--wait must be a number of seconds, up to 60'],
  [['studio', 'hand-of', '--json'], '"hand-of" is not a flow of this bundle; did you mean "hand-off"?'],
])('prints the error of %j as one line of JSON', async (args, message) => {
  const { code, out, err } = await run(...args);
  expect({ code, out, err: err.map((line) => JSON.parse(line)) }).toEqual({
    code: 2,
    out: [],
    err: [{ error: { message } }],
  });
});

test.each([
  [['polcy', 'check'], 'unknown command polcy; did you mean policy?'],
  [['deploy'], 'unknown command deploy; see npm run cli -- --help'],
  [['constructor'], 'unknown command constructor; see npm run cli -- --help'],
  [['--hepl'], 'unknown option --hepl; did you mean --help?'],
  [['policy', 'chek'], 'unknown command chek; did you mean check?'],
  [['fleet', 'report', '--sate', 'active'], 'unknown option --sate; did you mean --state?'],
  [
    ['AUTH_TOKEN=pass-42'],
    'secrets are not accepted as arguments, which other users can read; put them in .env or the environment',
  ],
])('rejects %j in one sentence, with exit code 2', async (args, sentence) => {
  expect(await run(...args)).toEqual({ code: 2, out: [], err: [sentence] });
});
