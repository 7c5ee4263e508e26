import { refuse } from '../twilio/errors';
import { type Answer, type Call, ok } from './request';

export interface PageRules {
  /** The name of the list in the answer. */
  key: string;
  default: number;
  max: number;
  /** Newest first. */
  descending?: boolean;
}

export const ordinary = { default: 50, max: 100 };

/** Of the lists of Event Streams. */
export const streamed = { default: 50, max: 1000 };

interface Cursor {
  direction: 'after' | 'before';
  serial: number;
}

/**
 * One page of a list. Page tokens name a place between two records, not a number of them, so that deleting while
 * paging skips nothing.
 */
export function page<T extends { serial: number }>(
  call: Call,
  items: readonly T[],
  rules: PageRules,
  print: (item: T) => object,
): Answer {
  const size = sizeOf(call, rules);
  const number = wholeNumber(call, 'Page', 0);
  const ordered = rules.descending ? items.toReversed() : items;
  const start = startOf(ordered, call.query.get('PageToken'), {
    size,
    number,
    descending: rules.descending ?? false,
  });
  const shown = ordered.slice(start, start + size);
  const url = urls(call, size);
  const meta = {
    page: number,
    page_size: size,
    first_page_url: url(0),
    previous_page_url:
      start > 0
        ? url(Math.max(number - 1, 0), { direction: 'before', serial: ordered[start]?.serial ?? 0 })
        : null,
    url: url(number, undefined, call.query.get('PageToken')),
    next_page_url:
      start + size < ordered.length
        ? url(number + 1, { direction: 'after', serial: shown.at(-1)?.serial ?? 0 })
        : null,
    key: rules.key,
  };
  return ok({ meta, [rules.key]: shown.map(print) });
}

function sizeOf(call: Call, { default: usual, max }: PageRules): number {
  const size = wholeNumber(call, 'PageSize', usual);
  if (size === 0) refuse(20001, 'PageSize takes a whole number from 1');
  if (size > max && call.world.options.pageSizeTooLarge === 'refuse') refuse(20007);
  return Math.min(size, max);
}

function wholeNumber(call: Call, name: string, usual: number): number {
  const text = call.query.get(name);
  if (text === null || text === '') return usual;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse(20001, `${name} takes a whole number, not "${text}"`);
}

function startOf(
  items: readonly { serial: number }[],
  token: string | null,
  { size, number, descending }: { size: number; number: number; descending: boolean },
): number {
  if (token === null || token === '') return number * size;
  const { direction, serial } = readToken(token);
  const passed = (item: { serial: number }) => (descending ? item.serial < serial : item.serial > serial);
  const reached = (item: { serial: number }) => passed(item) || item.serial === serial;
  const found = items.findIndex(direction === 'after' ? passed : reached);
  const next = found === -1 ? items.length : found;
  return direction === 'after' ? next : Math.max(next - size, 0);
}

function urls(call: Call, size: number) {
  const others = [...call.query].filter(([name]) => !['PageSize', 'Page', 'PageToken'].includes(name));
  return (number: number, cursor?: Cursor, token: string | null = cursor ? writeToken(cursor) : null) => {
    const query = new URLSearchParams([...others, ['PageSize', String(size)], ['Page', String(number)]]);
    if (token) query.set('PageToken', token);
    return `${call.origin}/v1${call.path}?${query}`;
  };
}

const writeToken = ({ direction, serial }: Cursor) =>
  Buffer.from(`${direction}:${serial}`).toString('base64url');

function readToken(token: string): Cursor {
  const [, direction, serial] =
    /^(after|before):(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (direction === undefined || serial === undefined) return refuse(20001, 'PageToken is none of ours');
  return { direction: direction === 'after' ? 'after' : 'before', serial: Number(serial) };
}
