import { randomUUID } from 'node:crypto';
import { digests, type Sequence } from './random';

type Prefix =
  | 'CH'
  | 'DF'
  | 'DG'
  | 'DY'
  | 'EZ'
  | 'FN'
  | 'IG'
  | 'IM'
  | 'IS'
  | 'MB'
  | 'ME'
  | 'NO'
  | 'RQ'
  | 'SM'
  | 'US'
  | 'WA'
  | 'WH'
  | 'WK'
  | 'ZE';
export interface Sids {
  (prefix: Prefix): string;
  /** Where they come from, if there is a seed. */
  readonly digests?: Sequence<string>;
}

/** Random like Twilio's; with a seed the same sequence every time. */
export function createSids(seed?: string): Sids {
  if (seed === undefined) return (prefix) => prefix + randomUUID().replaceAll('-', '');
  const next = digests(seed);
  return Object.assign((prefix: Prefix) => prefix + next().slice(0, 32), { digests: next });
}

export const isSid = (prefix: string, text: string) => new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(text);
