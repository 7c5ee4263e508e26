import { wrap } from '../wrap';
import type { CaseFile, Message } from './case';
import { notAttached } from './causes';
import { missingWebhooks } from './evidence';
import { ago, duration, localTime, toMs } from './time';
import { timeLine } from './time-line';
import type { Outcome, Verdict } from './verdict';
import { describeMessage, describeRule, describeSubscription } from './words';

/** Of the time line. */
const MAX_ENTRIES = 40;

/** The page about one conversation. @param verdict undefined if it has no message. @param clean makes text safe to print */
export function printPage(
  file: CaseFile,
  verdict: Verdict | undefined,
  { bodies, clean }: { readonly bodies: boolean; readonly clean: (text: string) => string },
): string {
  const message = file.messages.find(({ sid }) => sid === verdict?.message);
  const sections = [
    heading(file),
    listenersSection(file),
    timeLineSection(file, bodies),
    ...(verdict && message
      ? [verdictSection(file, message, verdict, bodies)]
      : ['The conversation has no message.']),
    ...notes(file),
  ];
  return sections
    .map((text) =>
      text
        .split('\n')
        .flatMap((line) => (isCommand(line) ? clean(line) : wrap(clean(line))))
        .join('\n'),
    )
    .join('\n\n');
}

/** It is copied, so it stays on one line. */
const isCommand = (line: string) => /^ +npm run /.test(line);

function heading({ conversation, router, now, log }: CaseFile): string {
  const { sid, state, created } = conversation;
  return [
    `${sid}, ${state}, created ${ago(created, now)}`,
    router ? describeRouter(router, now, log.lines) : 'Not managed: it has no router.',
  ].join('\n');
}

function describeRouter(
  { profile, decided, replay, policy, checkout }: NonNullable<CaseFile['router']>,
  now: string,
  lines: CaseFile['log']['lines'],
): string {
  const deciding = lines.findLast(({ from, to }) => to === profile && from !== undefined && from !== to);
  const by =
    deciding?.rule !== undefined
      ? `, by ${describeRule(deciding.rule)}`
      : deciding?.operation === 'sync' || deciding?.operation === 'flex sync'
        ? `, by a call of ${deciding.operation}`
        : '';
  const since = decided === null ? '' : ` since ${localTime(decided, now)}, ${ago(decided, now)}${by}`;
  const versions =
    checkout === null || checkout === policy
      ? `policy ${policy}`
      : `policy ${policy}, and this checkout has ${checkout}`;
  return `In profile ${profile}${since}.\nIts webhooks receive messages from index ${replay} on; ${versions}.`;
}

function listenersSection(file: CaseFile): string {
  const { listeners, now } = file;
  if (listeners.length === 0) return 'Nobody listens.';
  const rows = listeners.flatMap(({ label, address, created, target, ...rest }) => [
    `  ${label}${created === null ? '' : `, attached ${localTime(created, now)}, ${ago(created, now)}`}`,
    ...(label === address ? [] : [`    calls ${address}`]),
    `    gets ${describeSubscription({ label, address, created, target, ...rest })}`,
  ]);
  const missing = missingWebhooks(file).map((each) => `  ✗ ${notAttached(each, file)}`);
  return ['Who listens now', ...rows, ...missing].join('\n');
}

function timeLineSection(file: CaseFile, bodies: boolean): string {
  const entries = timeLine(file, bodies);
  const shown = entries.slice(-MAX_ENTRIES);
  const more = entries.length - shown.length;
  const rows = shown.map(({ date, text }) => `  ${localTime(date, file.now)} ${text}`);
  if (rows.length === 0) rows.push('  nothing');
  return [
    `What happened in the last ${duration(toMs(file.now) - toMs(file.since))}`,
    ...(more > 0 ? [`  … ${more} earlier; --json has all`] : []),
    ...rows,
  ].join('\n');
}

const MARKS: Readonly<Record<Outcome['got'], string>> = {
  yes: '✓',
  presumably: '✓',
  failed: '✗',
  no: '–',
  unknown: '?',
  absent: '✗',
};

function verdictSection(file: CaseFile, message: Message, verdict: Verdict, bodies: boolean): string {
  const { outcomes, causes } = verdict;
  return [
    `Verdict on ${describeMessage(message, bodies)}`,
    `  ${message.sid}, ${localTime(message.date, file.now)}, ${ago(message.date, file.now)}`,
    ...outcomes.map(
      (outcome) => `  ${MARKS[outcome.got]} ${outcome.listener} ${describeOutcome(outcome, file.now)}`,
    ),
    `  ${describeDecision(verdict, file)}`,
    ...(causes.length === 0 ? [] : [causes.length === 1 ? 'The cause' : 'The causes, the likeliest first']),
    ...causes.flatMap(({ what, remedy, command }, i) => [
      `  ${i + 1}. ${what}`,
      `     → ${remedy}`,
      ...(command === null ? [] : [`       ${command}`]),
    ]),
  ].join('\n');
}

function describeOutcome({ got, cause, detached }: Outcome, now: string): string {
  if (detached !== undefined) return `detached ${localTime(detached, now)}; what it got is not known`;
  if (got === 'yes') return 'got it';
  if (got === 'presumably') return 'got it, as far as Twilio tells: no error was reported';
  if (got === 'failed') return 'got it, and failed';
  if (got === 'absent') return 'is not attached';
  if (got === 'unknown') return 'may have got it';
  return `did not get it: ${NOT[cause ?? 'not-called']}`;
}

const NOT: Readonly<Partial<Record<NonNullable<Outcome['cause']>, string>>> = {
  'attached-late': 'attached later',
  filters: 'not in its filters',
  keyword: 'none of its keywords',
  shadowed: "the service's takes its place",
  rest: 'no webhook was called',
  'not-called': 'it was not called',
};

function describeDecision({ decision }: Verdict, { log, host }: CaseFile): string {
  if (decision === null)
    return log.issue === null ? 'The functions decided nothing.' : `The log of ${host} could not be read.`;
  const { rule, from, to, why, result } = decision;
  if (rule !== null) return `Decided by ${describeRule(rule)}: ${from ?? 'no profile'} → ${to}.`;
  return `The functions decided nothing: ${why ?? result ?? 'they failed'}.`;
}

function notes({ log, alertIssue, policyIssue, host, now, since }: CaseFile): string[] {
  const all = [
    policyIssue !== null && `Webhooks of the policy have no names here. ${policyIssue}.`,
    log.issue !== null && `The log of ${host} could not be read: ${log.issue}.`,
    log.issue === null &&
      toMs(log.from) > toMs(since) &&
      `The log was read from ${localTime(log.from, now)} on.`,
    alertIssue !== null && `Alerts could not be read: ${alertIssue}.`,
  ].filter((note) => note !== false);
  return all.length > 0 ? [all.join('\n')] : [];
}
