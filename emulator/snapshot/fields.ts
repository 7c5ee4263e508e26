import { parseUrl } from '../api/parse-url';
import { boolean, integer, string } from '../faults/validate';
import { isSid } from '../state/sids';
import { type Codec, plain } from './codec';

const MAX_DATE = 8.64e15;

export const text = plain<string>(string);
export const flag = plain<boolean>(boolean);
export const count = plain<number>(integer(0, Number.MAX_SAFE_INTEGER));
export const serial = plain<number>(integer(1, Number.MAX_SAFE_INTEGER));

export const number = plain<number>({
  mustBe: 'a number',
  accepts: (value) => typeof value === 'number',
});

export const date = plain<number>({
  mustBe: 'a date in milliseconds since 1970',
  accepts: (value) => typeof value === 'number' && Math.abs(value) <= MAX_DATE,
});

export const isoDate = plain<string>({
  mustBe: 'an ISO 8601 date',
  accepts: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)),
});

export const url = plain<string>({
  mustBe: 'an http or https URL',
  accepts: (value) =>
    typeof value === 'string' && /^https?:\/\//i.test(value) && parseUrl(value) !== undefined,
});

/** What was sent as JSON, and is kept as it was sent. */
export const jsonText = plain<string>({
  mustBe: 'a string with JSON',
  accepts: (value) => typeof value === 'string' && isJson(value),
});

export const sid = (prefix: string): Codec<string> =>
  plain({
    mustBe: `a SID that begins with ${prefix}`,
    accepts: (value) => typeof value === 'string' && isSid(prefix, value),
  });

/** The four fields that every record has. */
export const stored = (prefix: string) => ({
  serial,
  sid: sid(prefix),
  dateCreated: date,
  dateUpdated: date,
});

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
