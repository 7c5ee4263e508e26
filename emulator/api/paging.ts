import { refuse } from '../twilio/errors';
import { type ApiRequest, type ApiResponse, ok } from './request';

export interface PageRules {
  /** The name of the array in the response. */
  key: string;
  default: number;
  max: number;
  /** Newest first. */
  descending?: boolean;
}

export const defaultPageSize = { default: 50, max: 100 };

export const eventStreamsPageSize = { default: 50, max: 1000 };

export const studioPageSize = { default: 50, max: 1000 };

interface Cursor {
  direction: 'after' | 'before';
  serial: number;
}

/**
 * One page of a list. A page token is a position between two records and not an offset, so that no record is skipped
 * when others are deleted between two pages.
 */
export function page<T extends { serial: number }>(
  request: ApiRequest,
  items: readonly T[],
  rules: PageRules,
  print: (item: T) => object,
): ApiResponse {
  const size = sizeOf(request, rules);
  const number = readInteger(request, 'Page', 0);
  const ordered = rules.descending ? items.toReversed() : items;
  const start = startOf(ordered, request.query.get('PageToken'), {
    size,
    number,
    descending: rules.descending ?? false,
  });
  const shown = ordered.slice(start, start + size);
  const url = urls(request, size);
  const meta = {
    page: number,
    page_size: size,
    first_page_url: url(0),
    previous_page_url:
      start > 0
        ? url(Math.max(number - 1, 0), { direction: 'before', serial: ordered[start]?.serial ?? 0 })
        : null,
    url: url(number, undefined, request.query.get('PageToken')),
    next_page_url:
      start + size < ordered.length
        ? url(number + 1, { direction: 'after', serial: shown.at(-1)?.serial ?? 0 })
        : null,
    key: rules.key,
  };
  return ok({ meta, [rules.key]: shown.map(print) });
}

function sizeOf(request: ApiRequest, { default: fallback, max }: PageRules): number {
  const size = readInteger(request, 'PageSize', fallback);
  if (size === 0) refuse(20001, 'PageSize must be at least 1');
  if (size > max && request.context.options.pageSizeTooLarge === 'refuse') refuse(20007);
  return Math.min(size, max);
}

function readInteger(request: ApiRequest, name: string, fallback: number): number {
  const text = request.query.get(name);
  if (text === null || text === '') return fallback;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse(20001, `${name} must be an integer from 0, not "${text}"`);
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

function urls(request: ApiRequest, size: number) {
  const others = [...request.query].filter(([name]) => !['PageSize', 'Page', 'PageToken'].includes(name));
  return (number: number, cursor?: Cursor, token: string | null = cursor ? writeToken(cursor) : null) => {
    const query = new URLSearchParams([...others, ['PageSize', String(size)], ['Page', String(number)]]);
    if (token) query.set('PageToken', token);
    return `${request.origin}/${request.version}${request.path}?${query}`;
  };
}

const writeToken = ({ direction, serial }: Cursor) =>
  Buffer.from(`${direction}:${serial}`).toString('base64url');

function readToken(token: string): Cursor {
  const [, direction, serial] =
    /^(after|before):(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (direction === undefined || serial === undefined)
    return refuse(20001, 'PageToken is not valid; use the URLs in the meta of a page');
  return { direction: direction === 'after' ? 'after' : 'before', serial: Number(serial) };
}
