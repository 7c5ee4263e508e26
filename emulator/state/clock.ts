/** The only source of time. `now` is in milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Moves time forward, to the millisecond, never back. */
  advance(seconds: number): void;
  /** Goes on from this time, which may be in the past. */
  set(now: number): void;
}

export function createClock(read: () => number = Date.now): Clock {
  let aheadMs = 0;
  return {
    now: () => read() + aheadMs,
    advance: (seconds) => {
      aheadMs += Math.round(seconds * 1000);
    },
    set: (now) => {
      aheadMs = now - read();
    },
  };
}

/** As resources print dates: `2026-01-31T12:00:00Z`. */
export const isoSeconds = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/** As event payloads print dates: `2026-01-31T12:00:00.123Z`. */
export const isoMilliseconds = (time: number) => new Date(time).toISOString();
