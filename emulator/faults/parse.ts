import { refuse } from '../twilio/errors';
import type { FaultEffect, FaultSpec } from './fault';
import type { FaultSettings } from './injector';
import {
  array,
  boolean,
  either,
  integer,
  join,
  matching,
  object,
  oneOf,
  probability,
  range,
  type Schema,
  string,
  type Type,
  validate,
} from './validate';

const milliseconds = integer(0, 60_000);
const span = either(milliseconds, range(milliseconds));
const httpDate: Type = {
  mustBe: 'an HTTP date',
  accepts: (value) => typeof value === 'string' && new Date(value).toUTCString() === value,
};

/** What each object in it takes. docs/emulator.md says what that means. */
export const schemas = {
  match: {
    method: oneOf('GET', 'POST', 'DELETE'),
    path: matching(/^(\/v1\/|\/?\*)/, 'a path that begins with /v1/ or *'),
  },
  when: { after: integer(0, 1_000_000), count: integer(1, 1_000_000), probability },
  do: {
    delay: span,
    status: integer(400, 599),
    code: integer(10_000, 99_999),
    message: string,
    retry_after: either(integer(0, 86_400), httpDate),
    processed: boolean,
    drop: oneOf('before', 'after'),
    body: oneOf('garbage', 'html', 'empty', 'truncate'),
  },
  deliveries: { duplicate: probability, delay: span, reorder: probability },
  set: {
    seed: either(string, integer(0, Number.MAX_SAFE_INTEGER)),
    lag: milliseconds,
    deliveries: object,
    faults: array,
  },
} as const satisfies { [name: string]: Schema };

const faultShape: Schema = { match: object, when: object, do: object };

/** One fault, an array of them, or an object with all there is. @throws TwilioError 20001 for the first mistake in it */
export function parseFaults(value: unknown): FaultSettings {
  if (Array.isArray(value)) return { faults: parseFaultArray('', value) };
  if (object.accepts(value) && Object.keys(faultShape).some((key) => Object.hasOwn(value as object, key)))
    return { faults: [parseFault('', value)] };
  const set = validate('', value, schemas.set) as FaultSettings;
  if (Object.keys(set).length === 0)
    refuse(20001, `The body takes a fault, an array of them, or ${Object.keys(schemas.set).join(', ')}`);
  validate('deliveries', set.deliveries ?? {}, schemas.deliveries);
  parseFaultArray('faults', set.faults ?? []);
  return set;
}

const parseFaultArray = (place: string, values: unknown[]): FaultSpec[] =>
  values.map((value, index) => parseFault(`${place}[${index}]`, value));

function parseFault(place: string, value: unknown): FaultSpec {
  const fault = validate(place, value, faultShape) as Partial<FaultSpec>;
  validate(join(place, 'match'), fault.match ?? {}, schemas.match);
  validate(join(place, 'when'), fault.when ?? {}, schemas.when);
  const deed: FaultEffect = validate(join(place, 'do'), fault.do ?? {}, schemas.do);
  const mistake = contradiction(deed);
  return mistake === undefined ? { ...fault, do: deed } : refuse(20001, `${join(place, 'do')} ${mistake}`);
}

/** What is right key by key, and does not go together. */
function contradiction(deed: FaultEffect): string | undefined {
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
