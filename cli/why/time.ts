const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

export const toMs = (date: string): number => Date.parse(date);

/** Oldest first. */
export const byDate = (a: { readonly date: string }, b: { readonly date: string }): number =>
  toMs(a.date) - toMs(b.date);

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

/** `2 minutes ago` */
export function ago(date: string, now: string): string {
  const ms = toMs(now) - toMs(date);
  return ms < 1_000 ? 'just now' : `${duration(ms)} ago`;
}

/** `14:02:05`, with the day before it unless it is that of `now`; in the time zone of this machine. */
export function localTime(date: string, now: string): string {
  const [day, time] = local(date);
  return day === local(now)[0] ? time : `${day} ${time}`;
}

function local(text: string): [day: string, time: string] {
  const date = new Date(text);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return [day, [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')];
}
