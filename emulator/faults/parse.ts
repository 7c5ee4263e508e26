import { refuse } from '../twilio/errors';
import type { DeliveryFaultRates } from './delivery-effects';
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
const delay = either(milliseconds, range(milliseconds));
const later = integer(1, 60_000);
const httpDate: Type = {
  mustBe: 'an HTTP date',
  accepts: (value) => typeof value === 'string' && new Date(value).toUTCString() === value,
};

/** docs/emulator.md says what each key means. */
export const schemas = {
  match: {
    method: oneOf('GET', 'POST', 'DELETE'),
    path: matching(
      /^(\/(serverless\/)?v[12]\/|\/?\*)/,
      'a path that begins with /v1/, /v2/, /serverless/v1/ or *',
    ),
    body: matching(/./s, 'a string that is not empty'),
  },
  when: { after: integer(0, 1_000_000), count: integer(1, 1_000_000), probability },
  do: {
    delay,
    status: integer(400, 599),
    code: integer(10_000, 99_999),
    message: string,
    retry_after: either(integer(0, 86_400), httpDate),
    processed: boolean,
    process_after: either(later, range(later)),
    drop: oneOf('before', 'after'),
    body: oneOf('garbage', 'html', 'empty', 'truncate'),
  },
  deliveries: { duplicate: probability, delay, reorder: probability },
  set: {
    seed: either(string, integer(0, Number.MAX_SAFE_INTEGER)),
    lag: milliseconds,
    deliveries: object,
    faults: array,
  },
} as const satisfies { [name: string]: Schema };

const faultSchema: Schema = { match: object, when: object, do: object };

/** Takes one fault, an array of them, or an object. @throws TwilioError 20001 for the first issue */
export function parseFaults(value: unknown): FaultSettings {
  if (Array.isArray(value)) return { faults: parseFaultArray('', value) };
  if (object.accepts(value) && Object.keys(faultSchema).some((key) => Object.hasOwn(value as object, key)))
    return { faults: [parseFault('', value)] };
  const set = validate('', value, schemas.set) as FaultSettings;
  if (Object.keys(set).length === 0)
    refuse(
      20001,
      `The body must be a fault, an array of faults, or an object with ${Object.keys(schemas.set).join(', ')}`,
    );
  parseRates('deliveries', set.deliveries ?? {});
  parseFaultArray('faults', set.faults ?? []);
  return set;
}

export const parseRates = (path: string, value: unknown): DeliveryFaultRates =>
  validate(path, value, schemas.deliveries);

const parseFaultArray = (path: string, values: unknown[]): FaultSpec[] =>
  values.map((value, index) => parseFault(`${path}[${index}]`, value));

export function parseFault(path: string, value: unknown): FaultSpec {
  const fault = validate(path, value, faultSchema) as Partial<FaultSpec>;
  validate(join(path, 'match'), fault.match ?? {}, schemas.match);
  validate(join(path, 'when'), fault.when ?? {}, schemas.when);
  const effect: FaultEffect = validate(join(path, 'do'), fault.do ?? {}, schemas.do);
  const issue = contradiction(effect);
  return issue === undefined ? { ...fault, do: effect } : refuse(20001, `${join(path, 'do')} ${issue}`);
}

/** An issue of keys that are valid by themselves, but not together. */
function contradiction(effect: FaultEffect): string | undefined {
  const { delay, status, code, message, retry_after, processed, process_after, drop, body } = effect;
  if ([delay, status, drop, body].every((value) => value === undefined))
    return 'must have at least one of delay, status, drop, body';
  if (drop !== undefined && (status !== undefined || body !== undefined))
    return 'must not have drop with status or body: a dropped connection has no response';
  if (status === undefined && [code, message, retry_after].some((value) => value !== undefined))
    return 'must have a status if it has code, message or retry_after';
  if (process_after !== undefined && status === undefined && drop !== 'before')
    return 'must have a status, or drop "before", if it has process_after';
  if (process_after !== undefined && processed !== undefined)
    return 'must not have processed with process_after: they say when the request is processed';
  if (processed !== undefined && (drop !== undefined || (status === undefined && body !== undefined)))
    return 'must not have processed with drop, or with body but no status: they decide that themselves';
  return undefined;
}
