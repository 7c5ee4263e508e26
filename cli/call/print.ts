import type { Environment } from '../../src/lib/environment';
import { sanitize } from '../sanitize';
import { table } from '../table';

interface Screen {
  readonly width?: number | undefined;
  /** How headings are printed. */
  readonly heading?: (text: string) => string;
}

type Row = readonly (readonly [key: string, value: string])[];

/** One line per key, aligned, then a table for each array of objects. */
export function print(body: unknown, variables: Environment, screen: Screen = {}): string {
  const { width, heading = (text: string) => text } = screen;
  if (!isObject(body)) return sanitize(text(body), variables);
  const isTable = (value: unknown): value is object[] => Array.isArray(value) && value.some(isObject);
  const entries = Object.entries(body);
  const rows = flatten(Object.fromEntries(entries.filter(([, value]) => !isTable(value))), variables);
  const tables = entries.flatMap(([key, value]) =>
    isTable(value)
      ? [
          `${heading(`${sanitize(key, variables)}:`)}\n${listed(
            value.map((item) => flatten(shortened(item), variables)),
            screen,
          )}`,
        ]
      : [],
  );
  return [...(rows.length > 0 ? [table(rows, { width }).join('\n')] : []), ...tables].join('\n\n');
}

/** Keys are paths such as `configuration.flow_sid`, as in Studio's Liquid. */
function flatten(value: unknown, variables: Environment, prefix = ''): Row {
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]) =>
      flatten(item, variables, prefix ? `${prefix}.${key}` : key),
    );
  return [[sanitize(prefix, variables), sanitize(text(value), variables)]];
}

function listed(rows: readonly Row[], screen: Screen): string {
  const header = [...new Set(rows.flatMap((row) => row.map(([key]) => key)))];
  const cells = rows.map((row) => header.map((column) => Object.fromEntries(row)[column] ?? ''));
  return table(cells, { header, ...screen }).join('\n');
}

/** The columns that tell webhooks apart: a whole webhook is wider than a terminal. */
function shortened(item: unknown): unknown {
  const { sid, target, configuration, policy_name } = Object(item) as { [name: string]: unknown };
  if (typeof target !== 'string' || !isObject(configuration)) return item;
  const { url, flow_sid, filters, triggers } = configuration as { [name: string]: unknown };
  const named = policy_name === undefined ? {} : { policy_name: policy_name ?? '' };
  return { sid, ...named, target, calls: flow_sid ?? url, on: triggers ?? filters ?? [] };
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(', ');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
