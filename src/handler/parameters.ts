import { ApiError } from '../lib/api-error';
import { didYouMean, oneOf, quote } from '../lib/error-text';
import { isEmpty, type Kinds, type ParameterType, parseValue } from './parameter-value';

interface Parameter extends ParameterType {
  /** Whether the REST API calls it `Configuration.…`. */
  readonly configuration?: boolean;
  /** Another name for it. */
  readonly alias?: string;
}

/** Every parameter of the functions. Names are Twilio's, or in its style. */
export const PARAMETERS = {
  ConversationSid: { kind: 'string' },
  // An event, and a webhook that is outside the default service, have it under the other name.
  ServiceSid: { kind: 'string', alias: 'ChatServiceSid' },
  Sid: { kind: 'string', code: 50363 },
  Target: { kind: 'string', code: 50364 },
  UrlPrefix: { kind: 'string', code: 50054 },
  Url: { kind: 'string', configuration: true, code: 50054 },
  Method: { kind: 'string', configuration: true, code: 50055 },
  Filters: { kind: 'array', configuration: true, code: 50365, dropEmpty: true },
  Triggers: { kind: 'array', configuration: true, code: 50366 },
  FlowSid: { kind: 'string', configuration: true, code: 50367 },
  ReplayAfter: { kind: 'string', configuration: true },
  Replace: { kind: 'boolean' },
  All: { kind: 'boolean' },
  Profile: { kind: 'string' },
  EndExecutions: { kind: 'boolean' },
  DryRun: { kind: 'boolean' },
  Token: { kind: 'string' },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof PARAMETERS;

/** The parsed parameters by Twilio's short names; undefined if missing or empty. */
export type Input<N extends ParameterName> = {
  readonly [K in N]?: Kinds[(typeof PARAMETERS)[K]['kind']] | undefined;
};

/** Why a function rejects a parameter that people may expect to work. */
export type UnsupportedParameters = Readonly<Partial<Record<ParameterName, string>>>;

// The runtime adds `request`; Twilio adds `bodySHA256` to the URL of every JSON request that it signs.
const RUNTIME_KEYS = new Set(['request', 'bodySHA256']);

/**
 * Parses a function's event, which merges query and body. A parameter may have its REST name (`Configuration.FlowSid`), its
 * short name (`FlowSid`), or either in camelCase. Empty means missing: Studio sends an empty string for an unset variable.
 * @throws ApiError 20001 for an unknown parameter or two values for one; the parameter's code for a value of the wrong type
 */
export function parseParameters<N extends ParameterName>(
  event: object,
  names: readonly N[],
  unsupported: UnsupportedParameters = {},
): Input<N> {
  const spellings = new Map(
    names.flatMap((name) => spellingsOf(name).map((spelling) => [spelling, name] as const)),
  );
  const input = new Map<N, { spelling: string; value: Kinds[Parameter['kind']] }>();
  for (const [spelling, sent] of Object.entries(event)) {
    if (RUNTIME_KEYS.has(spelling)) continue;
    const name = spellings.get(spelling);
    if (name === undefined) {
      const why = unsupportedReason(spelling, unsupported);
      if (why === undefined) throw unknownParameter(spelling, sent, names);
      if (isEmpty(sent)) continue;
      throw new ApiError(20001, `${spelling}: ${why}`);
    }
    const value = parseValue(spelling, sent, PARAMETERS[name]);
    if (value === undefined) continue;
    const earlier = input.get(name);
    if (earlier && JSON.stringify(earlier.value) !== JSON.stringify(value))
      throw new ApiError(
        20001,
        `${earlier.spelling} and ${spelling} are the same parameter; send one of them`,
      );
    input.set(name, { spelling, value });
  }
  return Object.fromEntries([...input].map(([name, { value }]) => [name, value])) as Input<N>;
}

/** `Configuration.FlowSid`, `FlowSid`, `configuration.flowSid`, `flowSid` */
export function spellingsOf(name: ParameterName): string[] {
  const { configuration, alias }: Parameter = PARAMETERS[name];
  if (configuration)
    return [`Configuration.${name}`, name, `configuration.${camelCase(name)}`, camelCase(name)];
  return [name, ...(alias === undefined ? [] : [alias])].flatMap((spelling) => [
    spelling,
    camelCase(spelling),
  ]);
}

function camelCase(name: string): string {
  return name[0]?.toLowerCase() + name.slice(1);
}

function unsupportedReason(spelling: string, unsupported: UnsupportedParameters): string | undefined {
  const name = (Object.keys(unsupported) as ParameterName[]).find((candidate) =>
    spellingsOf(candidate).includes(spelling),
  );
  return name && unsupported[name];
}

function unknownParameter(spelling: string, sent: unknown, names: readonly ParameterName[]): ApiError {
  if (/^configuration$/i.test(spelling) && typeof sent === 'object')
    return new ApiError(
      20001,
      `Send flat settings, such as Configuration.Url or Url, not inside ${quote(spelling)}`,
    );
  const hint =
    didYouMean(spelling, names.flatMap(spellingsOf)) || `; this function takes ${oneOf(names, 'and')}`;
  return new ApiError(20001, `Unknown parameter ${quote(spelling)}${hint}`);
}
