import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../src/lib/error-text';
import type { Policy } from '../../src/policy/policy';
import { hoursOf } from '../../src/policy/rule';
import { CliError, UsageError } from '../errors';
import { counted } from '../format';
import { Progress } from '../progress';
import type { Style } from '../style';
import type { Terminal } from '../terminal';
import { type Case, parseCases } from './cases';
import {
  type Both,
  counterpart,
  type Decision,
  type Difference,
  findDifferences,
  firstDifference,
  startAll,
} from './differences';
import { patternsWithoutTexts } from './generated-events';
import { CASES, type DiffOptions } from './options';
import { parsePolicySource, readText } from './read-policy';

/** A test case that is decided differently, and its first event that is. */
interface CaseDifference extends Difference {
  readonly name: string;
  readonly index: number;
}

/** Compares two policies by what they do with test cases and with generated events. */
export async function diff(options: DiffOptions, terminal: Terminal, style: Style): Promise<number> {
  const { folder, out, err } = terminal;
  const { seed, events, max, json } = options;
  const progress = new Progress(terminal);
  const versions = { old: readPolicy(options.old, folder), new: readPolicy(options.new, folder) };
  const file = options.cases ?? (existsSync(join(folder, CASES)) ? CASES : undefined);
  const cases = file === undefined ? [] : readCases(file, folder, versions);
  const different: CaseDifference[] = [];
  progress.begin('played', cases.length);
  for (const each of cases) {
    different.push(...(await caseDifference(each, versions)));
    progress.step();
  }
  progress.begin('tried', events);
  const { tried, differences } = await findDifferences(versions, { seed, events, max }, () =>
    progress.step(),
  );
  progress.end();
  for (const source of patternsWithoutTexts([versions.old, versions.new]))
    err(`no generated event matches /${source}/; write a case for it`);
  if (json) {
    const ofCases = { file: file ?? null, tried: cases.length, different: different.map(caseAsJson) };
    const generated = { tried, seed, different: differences.map(asJson) };
    out(JSON.stringify({ cases: ofCases, events: generated }, undefined, 2));
  } else {
    if (file !== undefined) out(`${file}: ${different.length} of ${cases.length} cases decided differently`);
    for (const each of different)
      out(`\n  ${quote(each.name)}, events[${each.index}]\n${readable(each, style)}`);
    const more = differences.length === max ? ', and stopped there: see --max' : '';
    if (different.length > 0) out('');
    out(
      `${tried} generated events (seed ${seed}): found ${counted(differences.length, 'difference')}${more}`,
    );
    for (const each of differences) out(`\n${readable(each, style)}`);
  }
  return different.length + differences.length > 0 ? 1 : 0;
}

// Exit code 1 says that policies differ.
function readPolicy(file: string, folder: string): Policy {
  try {
    return parsePolicySource(file === '-' ? readFileSync(0, 'utf8') : readText(folder, file), file);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new UsageError(error.message);
  }
}

/** The cases may be those of either policy, and name what only this one has. */
function readCases(file: string, folder: string, versions: Both<Policy>): Case[] {
  const text = readText(folder, file);
  const [current, old] = [parseCases(text, versions.new), parseCases(text, versions.old)];
  if (current.issues.length === 0) return current.cases;
  if (old.issues.length === 0) return old.cases;
  throw new UsageError(current.issues.map((issue) => `${file}: ${issue}`).join('\n'));
}

async function caseDifference(
  { name, profile, conversation, at, events }: Case,
  versions: Both<Policy>,
): Promise<CaseDifference[]> {
  const { old, new: current } = versions;
  const names =
    profile === undefined
      ? { old: undefined, new: undefined }
      : { old: counterpart(profile, current, old), new: counterpart(profile, old, current) };
  try {
    const found = await firstDifference(
      versions,
      await startAll(versions, names, { at, conversation }),
      events,
    );
    if (!found) return [];
    const isTimed = [old, current].some(({ rules }) =>
      rules.some((rule) => rule.on === found.event.type && hoursOf(rule).length > 0),
    );
    return [{ ...found, name, at: isTimed ? found.at : undefined }];
  } catch (error) {
    throw new UsageError(`${quote(name)}: ${(error as Error).message}`);
  }
}

const caseAsJson = (difference: CaseDifference) => ({
  name: difference.name,
  index: difference.index,
  ...asJson(difference),
});

function asJson({ event, conversation, at, profile, old, new: current }: Difference) {
  return {
    event: { EventType: event.type, ...event.fields },
    conversation,
    at: at ?? null,
    profile: { old: profile.old ?? null, new: profile.new ?? null },
    old: old ?? null,
    new: current ?? null,
  };
}

/** The event as `explain` takes it, and the two decisions. */
function readable({ event, conversation, at, profile, old, new: current }: Difference, style: Style): string {
  const renamed = profile.new === profile.old ? '' : ` (new: ${profile.new})`;
  const own = Object.entries(conversation).map(([name, value]) => [`Conversation.${name}`, value] as const);
  const given = [
    event.type,
    ...[...Object.entries(event.fields), ...own].map(([name, value]) => `${name}=${shellWord(value)}`),
    ...(profile.old === undefined ? [] : [`--profile ${profile.old}${renamed}`]),
    ...(at ? [`--at ${at.toISOString()}`] : []),
  ];
  return [
    `  ${style('bold', given.join(' '))}`,
    style('red', `    old  ${decision(old)}`),
    style('green', `    new  ${decision(current)}`),
  ].join('\n');
}

function shellWord(text: string): string {
  return /^[\w.,:@%+/-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function decision(made: Decision | undefined): string {
  if (!made) return 'nothing changes';
  const { rule, profile, webhooks, replay } = made;
  const replayed = replay === null ? '' : `, replay from message ${replay}`;
  return `${rule}: profile ${profile} with ${webhooks.join(', ') || 'no webhooks'}${replayed}`;
}
