import { ApiError } from '../lib/api-error';
import { didYouMean, oneOf, quote } from '../lib/messages';
import { isEmpty, type Kinds, type ParameterType, parseValue } from './parameter-value';

interface Parameter extends ParameterType {
  /** True where the REST API calls it `Configuration.…`. */
  readonly configuration?: boolean;
}

/** Every parameter that a function of this bundle takes. Names are Twilio's, or in its style where it has none. */
export const PARAMETERS = {
  ConversationSid: { kind: 'text' },
  ServiceSid: { kind: 'text' },
  Sid: { kind: 'text', code: 50363 },
  Target: { kind: 'text', code: 50364 },
  Url: { kind: 'text', configuration: true, code: 50054 },
  Method: { kind: 'text', configuration: true, code: 50055 },
  Filters: { kind: 'list', configuration: true, code: 50365, dropEmpty: true },
  Triggers: { kind: 'list', configuration: true, code: 50366 },
  FlowSid: { kind: 'text', configuration: true, code: 50367 },
  ReplayAfter: { kind: 'text', configuration: true },
  Replace: { kind: 'boolean' },
  All: { kind: 'boolean' },
  Profile: { kind: 'text' },
  DryRun: { kind: 'boolean' },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof PARAMETERS;

/** What was sent, by Twilio's short names: undefined stands for what was not, or was sent empty. */
export type Input<N extends ParameterName> = {
  readonly [K in N]?: Kinds[(typeof PARAMETERS)[K]['kind']] | undefined;
};

/** Parameters that people send for good reasons and in vain: the sentence that tells them so. */
export type UnsupportedParameters = Readonly<Partial<Record<ParameterName, string>>>;

// `request` is the runtime's own; `bodySHA256` is in the URL of every JSON request that Twilio signs.
const RUNTIME_KEYS = new Set(['request', 'bodySHA256']);

/**
 * Reads a function's event, which merges query and body, by form or JSON. Each parameter goes by its REST name
 * (`Configuration.FlowSid`), the short one (`FlowSid`), and both in camelCase; empty counts as absent, as Studio sends the
 * empty string for a variable that is not set.
 * @throws ApiError 20001 for an unknown parameter, two values for one, or a value of the wrong type (the parameter's own
 * code where it has one)
 */
export function parseParameters<N extends ParameterName>(
  event: object,
  names: readonly N[],
  refused: UnsupportedParameters = {},
): Input<N> {
  const spellings = new Map(
    names.flatMap((name) => spellingsOf(name).map((spelling) => [spelling, name] as const)),
  );
  const input = new Map<N, { spelling: string; value: Kinds[Parameter['kind']] }>();
  for (const [spelling, sent] of Object.entries(event)) {
    if (RUNTIME_KEYS.has(spelling)) continue;
    const name = spellings.get(spelling);
    if (name === undefined) {
      const why = unsupported(spelling, refused);
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
        `${earlier.spelling} and ${spelling} are one parameter and differ; send one of them`,
      );
    input.set(name, { spelling, value });
  }
  return Object.fromEntries([...input].map(([name, { value }]) => [name, value])) as Input<N>;
}

/** `Configuration.FlowSid`, `FlowSid`, `configuration.flowSid`, `flowSid` */
export function spellingsOf(name: ParameterName): string[] {
  const camel = name[0]?.toLowerCase() + name.slice(1);
  const parameter: Parameter = PARAMETERS[name];
  return parameter.configuration
    ? [`Configuration.${name}`, name, `configuration.${camel}`, camel]
    : [name, camel];
}

function unsupported(spelling: string, refused: UnsupportedParameters): string | undefined {
  const name = (Object.keys(refused) as ParameterName[]).find((candidate) =>
    spellingsOf(candidate).includes(spelling),
  );
  return name && refused[name];
}

function unknownParameter(spelling: string, sent: unknown, names: readonly ParameterName[]): ApiError {
  if (/^configuration$/i.test(spelling) && typeof sent === 'object')
    return new ApiError(
      20001,
      `Send the settings flat, as Configuration.Url or Url, not inside ${quote(spelling)}`,
    );
  const hint =
    didYouMean(spelling, names.flatMap(spellingsOf)) || `; this function takes ${oneOf(names, 'and')}`;
  return new ApiError(20001, `Unknown parameter ${quote(spelling)}${hint}`);
}
