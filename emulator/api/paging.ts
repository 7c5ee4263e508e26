import { refuse } from '../twilio/errors';
import { Listing } from './listing';
import { type ApiRequest, type ApiResponse, ok } from './request';

export interface PageRules<T> {
  /** The name of the array in the response. */
  key: string;
  default: number;
  max: number;
  /** Newest first. */
  descending?: boolean;
  /** Which records are listed; all by default. */
  matches?: ((item: T) => boolean) | undefined;
}

export const defaultPageSize = { default: 50, max: 100 };

export const eventStreamsPageSize = { default: 50, max: 1000 };

export const studioPageSize = { default: 50, max: 1000 };

interface Cursor {
  direction: 'after' | 'before';
  serial: number;
}

/**
 * One page of a list that is in the order of its serials. A page token is a position between two records and not an offset,
 * so that no record is skipped when others are deleted between two pages.
 */
export function page<T extends { serial: number }>(
  request: ApiRequest,
  items: readonly T[],
  rules: PageRules<T>,
  print: (item: T) => object,
): ApiResponse {
  const size = sizeOf(request, rules);
  const number = readInteger(request, 'Page', 0);
  const token = request.query.get('PageToken');
  const listing = new Listing(items, rules.descending ?? false, rules.matches);
  const start = token ? startOf(listing, readToken(token), size) : listing.skip(number * size);
  const positions = listing.find(start, size + 1);
  const shown = positions.slice(0, size).flatMap((position) => listing.at(position) ?? []);
  const before = Math.min(start, items.length) - 1;
  // Where a page beyond the end has no record to begin with.
  const end = rules.descending ? 0 : Number.MAX_SAFE_INTEGER;
  const url = urls(request, size);
  const meta = {
    page: number,
    page_size: size,
    first_page_url: url(0),
    previous_page_url:
      listing.find(before, 1, -1).length > 0
        ? url(Math.max(number - 1, 0), { direction: 'before', serial: shown[0]?.serial ?? end })
        : null,
    url: url(number, undefined, token),
    next_page_url:
      positions.length > size
        ? url(number + 1, { direction: 'after', serial: shown.at(-1)?.serial ?? 0 })
        : null,
    key: rules.key,
  };
  return ok({ meta, [rules.key]: shown.map(print) });
}

function sizeOf(
  request: ApiRequest,
  { default: fallback, max }: Pick<PageRules<never>, 'default' | 'max'>,
): number {
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

function startOf<T extends { serial: number }>(
  listing: Listing<T>,
  { direction, serial }: Cursor,
  size: number,
): number {
  if (direction === 'after') return listing.after(serial);
  return listing.find(listing.from(serial) - 1, size, -1).at(-1) ?? 0;
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
