import type { Command } from 'commander';
import { EVENT_TYPES, type EventType } from '../../src/events/event-types';
import { didYouMean, oneOf } from '../../src/lib/error-text';
import { createCommand, parseArguments } from '../arguments';
import { UsageError } from '../errors';
import { help } from '../help';
import type { Terminal } from '../terminal';
import { parseTime, TIME_HINT } from './time';

const POLICY = 'src/assets/policy.private.json';
export const CASES = 'policy.tests.yaml';
export const PAGE = 'docs/policy.md';

interface Shared {
  /** File of the policy, relative to the project. */
  readonly policy: string;
}

export interface CheckOptions extends Shared {
  /** Files of variables; the later ones win. */
  readonly env?: readonly string[];
  readonly json?: true;
}

export interface TestOptions extends Shared {
  /** File of the cases, relative to the project. */
  readonly file: string;
  readonly minCoverage?: number;
  readonly json?: true;
}

export interface ExplainOptions extends Shared {
  readonly event: EventType;
  readonly fields: Readonly<Record<string, string>>;
  readonly profile?: string;
  readonly at?: Date;
  /** Files of variables; the later ones win. */
  readonly env?: readonly string[];
  readonly json?: true;
}

export interface DiagramOptions extends Shared {
  readonly write?: true;
}

export interface DiffOptions {
  /** Files of policies, relative to the project; the old one may be `-`, stdin. */
  readonly old: string;
  readonly new: string;
  /** File of the cases, relative to the project; by default the project's, if it has one. */
  readonly cases?: string;
  readonly events: number;
  readonly seed: number;
  readonly max: number;
  readonly json?: true;
}

export type Options =
  | ({ readonly command: 'check' } & CheckOptions)
  | ({ readonly command: 'test' } & TestOptions)
  | ({ readonly command: 'explain' } & ExplainOptions)
  | ({ readonly command: 'diagram' } & DiagramOptions)
  | ({ readonly command: 'diff' } & DiffOptions);

const EXIT_CODES = {
  0: 'all is well',
  1: 'the policy is invalid, a case failed, or too few rules are covered',
  2: 'wrong usage',
};

const DIFF_EXIT_CODES = {
  0: 'no difference was found',
  1: 'the policies decide differently',
  2: 'wrong usage, or one of the policies is invalid',
};

/** @returns undefined if it printed the help. @throws UsageError */
export function readOptions(args: string[], terminal: Terminal): Options | undefined {
  let options: Options | undefined;
  const command = describeCommands((chosen) => {
    options = chosen;
  });
  return parseArguments(command, args, terminal, { repeatable: true }) ? options : undefined;
}

function describeCommands(choose: (options: Options) => void): Command {
  const program = createCommand('policy', '<command>')
    .description('Check, test, explain, draw and compare policies. Needs no account and no network.')
    .helpCommand(false)
    .addHelpText(
      'after',
      help(
        [
          'npm run policy -- check',
          'npm run policy -- test --min-coverage 100',
          'npm run policy -- explain onMessageAdded Body="I need a human" --profile bot',
          'npm run policy -- diagram --write',
          'npm run policy -- diff old-policy.json',
        ],
        EXIT_CODES,
      ),
    );
  const addBare = (
    name: string,
    description: string,
    examples: readonly string[],
    exitCodes: Readonly<Record<number, string>>,
  ) => program.command(name).description(description).addHelpText('after', help(examples, exitCodes));
  const add = (name: string, description: string, examples: readonly string[]) =>
    addBare(
      name,
      description,
      examples.map((example) => `npm run ${example}`),
      EXIT_CODES,
    ).option('--policy <file>', 'file of the policy', POLICY);

  add('check', 'Report what is wrong with the policy, and what is probably not meant.', [
    'policy -- check',
    'policy -- check --env .env.prod',
    '--silent policy -- check --json',
  ])
    .option(
      '--env <file>',
      'file of variables to check the policy with; give it again for one that wins over it (default: .env, if it exists)',
      append,
    )
    .option('--json', 'print JSON')
    .action((flags: CheckOptions) => choose({ command: 'check', ...flags }));

  add('test', 'Play the cases of a file, and report the rules that none of them reaches.', [
    'policy -- test',
    'policy -- test --min-coverage 100',
    '--silent policy -- test recipes.tests.yaml --policy recipe.json --json',
  ])
    .argument('[file]', 'file of the cases', CASES)
    .option('--min-coverage <percent>', 'fail if fewer of the rules decide in a case', parsePercent)
    .option('--json', 'print JSON')
    .action((file: string, flags: Omit<TestOptions, 'file'>) => choose({ command: 'test', file, ...flags }));

  add('explain', 'Say rule by rule why an event decides what it does, and what would be changed.', [
    'policy -- explain onConversationAdded',
    'policy -- explain onMessageAdded Body="I need a human" --profile bot',
    'policy -- explain onMessageAdded Body=hello --profile bot --at 2026-12-25T10:00:00Z',
    `policy -- explain onMessageAdded Attributes='{"tier": "gold"}' Index=7 --profile bot --json`,
  ])
    .argument('<event>', 'its EventType')
    .argument(
      '[Field=Value...]',
      'its fields, as Twilio sends them; of the others, those that it always sends get plausible values, the rest is absent',
    )
    .option('--profile <name>', 'profile of the conversation (default: it is not managed)')
    .option('--at <time>', `when the event happens, such as 2026-12-25T10:00:00Z (default: now)`, parseAt)
    .option(
      '--env <file>',
      'file of variables to substitute in the policy; give it again for one that wins over it',
      append,
    )
    .option('--json', 'print JSON')
    .action((event: string, pairs: string[], flags: Omit<ExplainOptions, 'event' | 'fields'>) =>
      choose({ command: 'explain', event: parseEvent(event), fields: parsePairs(pairs), ...flags }),
    );

  add('diagram', 'Print the policy as a Mermaid state diagram.', [
    '--silent policy -- diagram',
    'policy -- diagram --write',
  ])
    .option('--write', `put it into ${PAGE}, between its two comments`)
    .action((flags: DiagramOptions) => choose({ command: 'diagram', ...flags }));

  addBare(
    'diff',
    'Find test cases and generated events that two policies decide differently.',
    [
      'npm run policy -- diff old-policy.json',
      `git show main:${POLICY} | npm run --silent policy -- diff -`,
      'npm run --silent policy -- diff old-policy.json new-policy.json --events 10000 --seed 7 --json',
    ],
    DIFF_EXIT_CODES,
  )
    .argument('<old>', 'file of a policy; - reads it from stdin')
    .argument('[new]', 'file of another one', POLICY)
    .option('--cases <file>', `file of test cases (default: ${CASES}, if it exists)`)
    .option('--events <number>', 'how many events to generate', parseNumber('--events', 0), 1000)
    .option('--seed <number>', 'generates the same events each time', parseNumber('--seed', 0), 1)
    .option(
      '--max <number>',
      'stop at so many differences between generated events',
      parseNumber('--max', 1),
      10,
    )
    .option('--json', 'print JSON')
    .action((old: string, current: string, flags: Omit<DiffOptions, 'old' | 'new'>) =>
      choose({ command: 'diff', old, new: current, ...flags }),
    );
  return program;
}

function append(file: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, file];
}

function parsePercent(text: string): number {
  if (/^\d{1,3}(\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text);
  throw new UsageError(`--min-coverage must be a number from 0 to 100, not ${JSON.stringify(text)}`);
}

function parseNumber(option: string, least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new UsageError(`${option} must be a number from ${least} on, not ${JSON.stringify(text)}`);
  };
}

function parseAt(text: string): Date {
  const time = parseTime(text);
  if (time) return time;
  throw new UsageError(`--at ${JSON.stringify(text)} is not a time; ${TIME_HINT}`);
}

function parseEvent(name: string): EventType {
  const event = EVENT_TYPES.find((known) => known === name);
  if (event) return event;
  const hint = didYouMean(name, EVENT_TYPES) || `; use ${oneOf(EVENT_TYPES)}`;
  throw new UsageError(`${JSON.stringify(name)} is not an event that rules can be on${hint}`);
}

function parsePairs(pairs: readonly string[]): Record<string, string> {
  const fields = new Map<string, string>();
  for (const text of pairs) {
    const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) throw new UsageError(`${JSON.stringify(text)} is not a field; write Field=Value`);
    if (fields.has(name)) throw new UsageError(`${name} is a duplicate; a field has one value`);
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}
