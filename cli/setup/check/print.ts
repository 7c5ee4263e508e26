import { redact } from '../../../src/handler/redact';
import { sanitize } from '../../sanitize';
import type { Terminal } from '../../terminal';
import type { Options } from '../options';
import type { Result } from './finding';

const MARKS = { ok: '✓', found: '✗', not_checked: '–' };

/** Prints the results for people, or as JSON. */
export function print(
  results: readonly Result[],
  { variables, origin, json }: Options,
  { out }: Terminal,
): void {
  if (json) {
    out(JSON.stringify({ checks: redact(results, variables) }, undefined, 2));
    return;
  }
  const line = (text: string) => out(sanitize(text, variables));
  const width = Math.max(...results.map(({ code }) => code.length));
  line(`Account ${variables.ACCOUNT_SID} and ${origin}`);
  for (const result of results) {
    const notChecked = result.status === 'not_checked' ? 'not checked: ' : '';
    line(`  ${MARKS[result.status]} ${result.code.padEnd(width)}  ${notChecked}${result.detail}`);
    if (result.status === 'found') line(`    ${' '.repeat(width)}  → ${result.remedy}`);
  }
  line(summary(results));
}

function summary(results: readonly Result[]): string {
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length;
  const [found, notChecked] = [count('found'), count('not_checked')];
  const findings = found === 0 ? 'Nothing found' : `${found} found`;
  return `${findings}${notChecked === 0 ? '' : `, ${notChecked} not checked`}.`;
}
