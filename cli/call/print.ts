import type { Environment } from '../../src/lib/environment';
import { plain } from '../plain';

type Row = readonly (readonly [key: string, value: string])[];

/** A key and a value to a line, aligned; and a table for each list of objects. */
export function print(body: unknown, variables: Environment): string {
  if (!isObject(body)) return plain(text(body), variables);
  const isTable = (value: unknown): value is object[] => Array.isArray(value) && value.some(isObject);
  const entries = Object.entries(body);
  const rows = flatten(Object.fromEntries(entries.filter(([, value]) => !isTable(value))), variables);
  const tables = entries.flatMap(([key, value]) =>
    isTable(value)
      ? [`${plain(key, variables)}:\n${table(value.map((item) => flatten(shortened(item), variables)))}`]
      : [],
  );
  return [...(rows.length > 0 ? [align(rows)] : []), ...tables].join('\n\n');
}

/** `configuration.flow_sid`, as Studio's Liquid has it too. */
function flatten(value: unknown, variables: Environment, prefix = ''): Row {
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]) =>
      flatten(item, variables, prefix ? `${prefix}.${key}` : key),
    );
  return [[plain(prefix, variables), plain(text(value), variables)]];
}

function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => row.map(([key]) => key)))];
  const lines = rows.map((row) => columns.map((column) => Object.fromEntries(row)[column] ?? ''));
  return align([columns, ...lines]);
}

/** Of a webhook, what tells it from the others: whole, a line of it would be longer than any terminal is wide. */
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
