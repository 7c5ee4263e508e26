import type { Chaos } from './run';

const ROWS: readonly (readonly [keyof Chaos, string])[] = [
  ['operations', 'operations'],
  ['refused', 'of them reported as failed'],
  ['faults', 'faults injected'],
  ['retries', 'requests retried'],
  ['deployments', 'policies deployed'],
  ['silences', 'silences'],
  ['duplicates', 'duplicates left'],
  ['lost', 'webhooks lost'],
  ['stale', 'webhooks of another profile or policy left'],
  ['touched', 'foreign webhooks touched'],
  ['unseen', 'messages not delivered'],
  ['undecided', 'decisions lost'],
  ['late', 'responses after the deadline'],
  ['crashes', 'crashes'],
  ['rejections', 'unhandled rejections'],
];

/** What has to be 0. */
export const FAILURES = ROWS.slice(6).map(([key]) => key);

/** One table: each subject a column. */
export function report(subjects: readonly Chaos[]): string {
  const head = ['', ...subjects.map(({ subject }) => subject)];
  const rows = ROWS.map(([key, label]) => [label, ...subjects.map((chaos) => `${chaos[key]}`)]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
