const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

export const toMs = (date: string): number => Date.parse(date);

/** Whole seconds: what dates of resources have. */
export const toSeconds = (date: string): number => Math.floor(toMs(date) / 1000);

/** `2 minutes`: in the largest unit of which there are at least two, but for seconds. */
export function duration(ms: number): string {
  for (const [unit, length] of UNITS) {
    const count = Math.floor(ms / length);
    if (count >= 2 || (unit === 'second' && count === 1)) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'less than a second';
}
