import { count, counted } from '../format';
import { stripControlCharacters } from '../sanitize';
import type { Style } from '../style';
import { table } from '../table';
import { FINDINGS, type Finding, type Inspection } from './inspect';
import type { Pace } from './pace';
import type { StaleExecution } from './stale-executions';
import type { Totals } from './totals';

const MAX_EXECUTIONS = 20;

export interface Report {
  readonly account: string;
  readonly deployment: string;
  readonly policyHash: string;
  readonly totals: Totals;
  readonly executions: readonly StaleExecution[];
  readonly pace: Pace;
}

/** The lines of a report for people: the totals first. @param width of the terminal */
export function reportLines(report: Report, style: Style, width: number | undefined): string[] {
  const { account, deployment, policyHash, totals, executions, pace } = report;
  const layout = { width, indent: '  ' };
  const title = `Account ${account}, compared with this checkout's policy ${policyHash} at ${deployment}`;
  const rows = totalRows(report).map(([number, what, isGood]) => [
    style(isGood ? 'green' : 'yellow', number),
    what,
  ]);
  const found = [
    ...totals.worst.map((inspection) => [inspection.conversation, describe(inspection)]),
    ...totals.failures.map(({ conversation, error }) => [conversation, `could not be read: ${error}`]),
    ...executions.slice(0, MAX_EXECUTIONS).map((each) => [each.execution, describeExecution(each)]),
  ];
  return [
    style('bold', stripControlCharacters(title)),
    `${counted(totals.conversations, 'conversation')} in ${counted(totals.services.size, 'service')}:`,
    ...table(rows, { ...layout, isNumbered: true }),
    ...(totals.worst.length > 0 ? ['', style('bold', worstTitle(totals))] : []),
    ...table(
      found.map((row) => row.map(stripControlCharacters)),
      layout,
    ),
    '',
    paceLine(pace),
  ];
}

/** The last line of a report's JSON. */
export function totalsLine({ totals, executions, pace }: Report): object {
  const { conversations, inOrder, managed, outOfOrder, findings, failures, services } = totals;
  return {
    totals: {
      conversations,
      services: services.size,
      in_order: inOrder,
      managed,
      out_of_order: outOfOrder,
      findings: Object.fromEntries(findings),
      failed: failures.length,
      stale_executions: executions.length,
      ...paceAsJson(pace),
    },
  };
}

/** The same as Markdown, for the summary of a workflow. */
export function reportMarkdown(report: Report): string[] {
  const { account, deployment, policyHash, totals, executions, pace } = report;
  return [
    `## Conversations of ${account}`,
    '',
    `Compared with this checkout's policy \`${policyHash}\` at ${deployment}. ${paceLine(pace)}`,
    '',
    '| Conversations | |',
    '|---:|---|',
    ...totalRows(report).map(([number, what]) => `| ${number} | ${what} |`),
    ...(totals.worst.length > 0
      ? ['', `### ${worstTitle(totals)}`, '', '| Conversation | |', '|---|---|']
      : []),
    ...totals.worst.map((inspection) => row(inspection.conversation, describe(inspection))),
    ...(totals.failures.length > 0
      ? ['', '### Could not be read', '', '| Conversation | |', '|---|---|']
      : []),
    ...totals.failures.map(({ conversation, error }) => row(conversation, error)),
    ...(executions.length > 0
      ? ['', '### Executions older than a day', '', '| Execution | |', '|---|---|']
      : []),
    ...executions.slice(0, MAX_EXECUTIONS).map((each) => row(each.execution, describeExecution(each))),
  ].map(stripControlCharacters);
}

const row = (sid: string, text: string) => `| \`${sid}\` | ${text.replaceAll('|', '\\|')} |`;

function totalRows({ totals, executions }: Report): [number: string, what: string, isGood?: boolean][] {
  const found = (Object.keys(FINDINGS) as Finding[]).flatMap((finding): [string, string][] => {
    const number = totals.findings.get(finding) ?? 0;
    return number > 0 ? [[count(number), FINDINGS[finding]]] : [];
  });
  return [
    [count(totals.inOrder), 'in order', true],
    ...found,
    ...(totals.failures.length > 0
      ? [[count(totals.failures.length), 'could not be read'] as [string, string]]
      : []),
    ...(executions.length > 0
      ? [
          [count(executions.length), "executions of the policy's flows, active for more than a day"] as [
            string,
            string,
          ],
        ]
      : []),
  ];
}

function worstTitle({ worst, notable }: Totals): string {
  return worst.length < notable ? `The worst ${worst.length} of ${count(notable)}:` : 'What was found:';
}

function describe({
  findings,
  profile,
  plan,
  deployments = [],
  orphaned = [],
  occupied_by = [],
}: Inspection): string {
  const steps = plan.map(({ step, webhook }) => `${step} ${webhook}`);
  return [
    `${profile === null ? '' : `${profile}: `}${findings.map((finding) => FINDINGS[finding]).join(', ')}`,
    ...(steps.length > 0 ? [steps.join(', ')] : []),
    ...(occupied_by.length > 0 ? [`slots taken by ${occupied_by.join(', ')}`] : []),
    ...(deployments.length > 0 ? [`also managed by ${deployments.join(', ')}`] : []),
    ...(orphaned.length > 0 ? [`unknown: ${orphaned.map(({ host }) => host).join(', ')}`] : []),
  ].join('; ');
}

function describeExecution({ flow, active_since }: StaleExecution): string {
  return `of flow ${flow}, active since ${active_since}`;
}

export function paceAsJson({ calls, retries, throttled, mostConcurrent }: Pace): object {
  return { calls, retries, throttled, most_concurrent: mostConcurrent };
}

export function paceLine({ calls, retries, throttled, mostConcurrent }: Pace): string {
  return [
    counted(calls, 'API call'),
    ...(retries > 0 ? [`${count(retries)} of them retries`] : []),
    ...(throttled > 0 ? [`${count(throttled)} throttled (429)`] : []),
    ...(mostConcurrent > 0 ? [`at most ${counted(mostConcurrent, 'concurrent request')} at Twilio`] : []),
  ]
    .join(', ')
    .concat('.');
}
