/** What a function may have at most, in KB of 1024 bytes: docs/decisions/0008-what-a-function-carries.md. */
const MAX_KB: Readonly<Record<string, number>> = {
  'events/conversation': 59,
  'webhooks/sync': 52,
  'flex/sync': 53,
};
const OTHERS_KB = 48;

export const LARGEST_KB = Math.max(OTHERS_KB, ...Object.values(MAX_KB));

/** @param name of the function, with its folder */
export function maxKb(name: string): number {
  return MAX_KB[name] ?? OTHERS_KB;
}
