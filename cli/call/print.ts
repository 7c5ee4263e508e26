import type { Environment } from '../../src/lib/environment';
import { sanitize } from '../sanitize';

type Row = readonly (readonly [key: string, value: string])[];

/** One line per key, aligned, then a table for each array of objects. */
export function print(body: unknown, variables: Environment): string {
  if (!isObject(body)) return sanitize(text(body), variables);
  const isTable = (value: unknown): value is object[] => Array.isArray(value) && value.some(isObject);
  const entries = Object.entries(body);
  const rows = flatten(Object.fromEntries(entries.filter(([, value]) => !isTable(value))), variables);
  const tables = entries.flatMap(([key, value]) =>
    isTable(value)
      ? [`${sanitize(key, variables)}:\n${table(value.map((item) => flatten(shortened(item), variables)))}`]
      : [],
  );
  return [...(rows.length > 0 ? [align(rows)] : []), ...tables].join('\n\n');
}

/** Keys are paths such as `configuration.flow_sid`, as in Studio's Liquid. */
function flatten(value: unknown, variables: Environment, prefix = ''): Row {
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]) =>
      flatten(item, variables, prefix ? `${prefix}.${key}` : key),
    );
  return [[sanitize(prefix, variables), sanitize(text(value), variables)]];
}

function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => row.map(([key]) => key)))];
  const lines = rows.map((row) => columns.map((column) => Object.fromEntries(row)[column] ?? ''));
  return align([columns, ...lines]);
}

/** The columns that tell webhooks apart: a whole webhook is wider than a terminal. */
function shortened(item: unknown): unknown {
  const { sid, target, configuration } = Object(item) as { [name: string]: unknown };
  if (typeof target !== 'string' || !isObject(configuration)) return item;
  const { url, flow_sid, filters, triggers } = configuration as { [name: string]: unknown };
  return { sid, target, calls: flow_sid ?? url, on: triggers ?? filters ?? [] };
}

function align(lines: readonly (readonly string[])[]): string {
  const widths = lines.reduce<number[]>(
    (widest, line) => line.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(', ');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
