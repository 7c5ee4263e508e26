import { existsInCalendar } from '../../src/policy/schema/calendars';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

export const TIME_HINT = 'write one like 2026-12-25T10:00:00Z or 2026-12-25T11:00+01:00';

/** A time with its offset, so that it is the same on every machine; undefined if it is not one. */
export function parseTime(text: string): Date | undefined {
  const time = new Date(TIME.test(text) && existsInCalendar(text.slice(0, 10)) ? text : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
