import type { Spread } from './measure';

/** One table, and what its figures mean. */
export interface Section {
  readonly title: string;
  readonly meaning: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A section as Markdown, its columns aligned for those who read it as text. */
export function print({ title, meaning, head, rows }: Section): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => [...row[column]!].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [`## ${title}`, '', meaning, '', line(head), rule, ...rows.map(line)].join('\n');
}

/** The median, and between which values half of the measurements lie. */
export function times({ median, low, high }: Spread): string {
  return `${figure(median)} (${figure(low)} to ${figure(high)})`;
}

/** Three digits that count, and no more. */
export function figure(value: number): string {
  const digits = value >= 100 || value === 0 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

/** What was aimed at, and whether it was reached. Nothing fails where it was not. */
export function target(aim: string, reached: boolean): string {
  return `${aim}: ${reached ? 'yes' : 'NO'}`;
}
