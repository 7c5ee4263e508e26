import { redact } from '../../../src/handler/redact';
import { sanitize } from '../../sanitize';
import type { Style } from '../../style';
import { table } from '../../table';
import type { Terminal } from '../../terminal';
import type { Options } from '../options';
import type { Result } from './finding';

const MARKS: Readonly<Record<Result['status'], Parameters<Style>>> = {
  ok: ['green', '✓'],
  found: ['red', '✗'],
  not_checked: ['yellow', '–'],
};

/** Prints the results for people, or as JSON. */
export function print(
  results: readonly Result[],
  { variables, origin, json }: Options,
  { out, columns: width }: Terminal,
  style: Style,
): void {
  if (json) {
    out(JSON.stringify({ checks: redact(results, variables) }, undefined, 2));
    return;
  }
  const clean = (text: string) => sanitize(text, variables);
  const rows = results.flatMap((result) => {
    const { status, code, detail } = result;
    const notChecked = status === 'not_checked' ? 'not checked: ' : '';
    const row = [`${style(...MARKS[status])} ${code}`, clean(`${notChecked}${detail}`)];
    return status === 'found' ? [row, ['', `→ ${clean(result.remedy)}`]] : [row];
  });
  out(style('bold', clean(`Account ${variables.ACCOUNT_SID} and ${origin}`)));
  for (const line of table(rows, { width, indent: '  ' })) out(line);
  out(summary(results));
}

function summary(results: readonly Result[]): string {
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length;
  const [found, notChecked] = [count('found'), count('not_checked')];
  const findings = found === 0 ? 'Nothing found' : `${found} found`;
  return `${findings}${notChecked === 0 ? '' : `, ${notChecked} not checked`}.`;
}
