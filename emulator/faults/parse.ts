import { refuse } from '../twilio/errors';
import type { Deed, FaultForm } from './fault';
import type { FaultSet } from './injector';
import {
  at,
  either,
  flag,
  hold,
  type Kind,
  list,
  matching,
  object,
  oneOf,
  probability,
  range,
  type Shape,
  text,
  whole,
} from './validate';

const milliseconds = whole(0, 60_000);
const span = either(milliseconds, range(milliseconds));
const httpDate: Kind = {
  takes: 'an HTTP date',
  fits: (value) => typeof value === 'string' && new Date(value).toUTCString() === value,
};

/** What each object in it takes. docs/emulator.md says what that means. */
export const shapes = {
  match: {
    method: oneOf('GET', 'POST', 'DELETE'),
    path: matching(/^(\/v1\/|\/?\*)/, 'a path that begins with /v1/ or *'),
  },
  when: { after: whole(0, 1_000_000), count: whole(1, 1_000_000), probability },
  do: {
    delay: span,
    status: whole(400, 599),
    code: whole(10_000, 99_999),
    message: text,
    retry_after: either(whole(0, 86_400), httpDate),
    processed: flag,
    drop: oneOf('before', 'after'),
    body: oneOf('garbage', 'html', 'empty', 'truncate'),
  },
  deliveries: { duplicate: probability, delay: span, reorder: probability },
  set: {
    seed: either(text, whole(0, Number.MAX_SAFE_INTEGER)),
    lag: milliseconds,
    deliveries: object,
    faults: list,
  },
} as const satisfies { [name: string]: Shape };

const faultShape: Shape = { match: object, when: object, do: object };

/** One fault, an array of them, or an object with all there is. @throws TwilioError 20001 for the first mistake in it */
export function readFaults(value: unknown): FaultSet {
  if (Array.isArray(value)) return { faults: readList('', value) };
  if (object.fits(value) && Object.keys(faultShape).some((key) => Object.hasOwn(value as object, key)))
    return { faults: [readFault('', value)] };
  const set = hold('', value, shapes.set) as FaultSet;
  if (Object.keys(set).length === 0)
    refuse(20001, `The body takes a fault, an array of them, or ${Object.keys(shapes.set).join(', ')}`);
  hold('deliveries', set.deliveries ?? {}, shapes.deliveries);
  readList('faults', set.faults ?? []);
  return set;
}

const readList = (place: string, values: unknown[]): FaultForm[] =>
  values.map((value, index) => readFault(`${place}[${index}]`, value));

function readFault(place: string, value: unknown): FaultForm {
  const fault = hold(place, value, faultShape) as Partial<FaultForm>;
  hold(at(place, 'match'), fault.match ?? {}, shapes.match);
  hold(at(place, 'when'), fault.when ?? {}, shapes.when);
  const deed: Deed = hold(at(place, 'do'), fault.do ?? {}, shapes.do);
  const mistake = contradiction(deed);
  return mistake === undefined ? { ...fault, do: deed } : refuse(20001, `${at(place, 'do')} ${mistake}`);
}

/** What is right key by key, and does not go together. */
function contradiction(deed: Deed): string | undefined {
  const { delay, status, code, message, retry_after, processed, drop, body } = deed;
  if ([delay, status, drop, body].every((value) => value === undefined))
    return 'takes at least one of delay, status, drop, body';
  if (drop !== undefined && (status !== undefined || body !== undefined))
    return 'takes drop, or status and body, not both: a dropped connection has no answer';
  if (status === undefined && [code, message, retry_after].some((value) => value !== undefined))
    return 'takes code, message and retry_after with a status only';
  if (processed !== undefined && (drop !== undefined || (status === undefined && body !== undefined)))
    return 'takes processed with status, or with delay alone: the others say for themselves when they happen';
  return undefined;
}
