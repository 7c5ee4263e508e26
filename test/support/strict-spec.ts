import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/*
 * Twilio's own OpenAPI files as its CLI ships them, made strict. As published they prove nothing: no property is required,
 * others are allowed, and `configuration` has no type at all.
 */

type Schema = { [keyword: string]: unknown };

interface Specification {
  paths: { [path: string]: { [method: string]: { responses: { [status: string]: { content?: Content } } } } };
  components: { schemas: { [name: string]: Schema } };
}
type Content = { [type: string]: { schema: Schema; examples?: { [name: string]: { value: unknown } } } };

const CONVERSATIONS = require.resolve(
  '@twilio/cli-core/src/services/twilio-api/twilio_conversations_v1.json',
);
const EVENTS = require.resolve('@twilio/cli-core/src/services/twilio-api/twilio_events_v1.json');
const MONITOR = require.resolve('@twilio/cli-core/src/services/twilio-api/twilio_monitor_v1.json');
const STUDIO = require.resolve('@twilio/cli-core/src/services/twilio-api/twilio_studio_v2.json');
const SERVERLESS = require.resolve('@twilio/cli-core/src/services/twilio-api/twilio_serverless_v1.json');
const load = (file: string): Specification => JSON.parse(readFileSync(file, 'utf8'));

// Their paths and names do not meet, the services of Serverless aside: the emulator serves all from one origin.
const all = [...[CONVERSATIONS, EVENTS, MONITOR, STUDIO].map(load), under('/serverless', load(SERVERLESS))];
const specification: Specification = {
  paths: Object.assign({}, ...all.map(({ paths }) => paths)),
  components: { schemas: Object.assign({}, ...all.map(({ components }) => components.schemas)) },
};

function under(base: string, { paths, ...rest }: Specification): Specification {
  return {
    ...rest,
    paths: Object.fromEntries(Object.entries(paths).map(([path, methods]) => [base + path, methods])),
  };
}

const date = { type: 'string', format: 'date-time' };
const text = { type: 'string' };
const orNull = { type: ['string', 'null'] };
const texts = { type: 'array', items: text };
const closed = (properties: Schema, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const method = { type: 'string', pattern: '^([gG][eE][tT]|[pP][oO][sS][tT])$' };
const replayable = { replay_after: { type: 'integer' } };
const flowSid = { type: 'string', pattern: '^FW[0-9a-f]{32}$' };

/** What an address configuration says of the conversations it creates. */
function created(kind: string, own: Schema): Schema {
  const required = ['enabled', 'type', ...Object.keys(own)];
  const properties = { enabled: { type: 'boolean' }, type: { const: kind }, conversation_service_sid: text };
  return closed({ ...properties, ...own }, required);
}

const configurations: { [target: string]: Schema } = {
  webhook: closed({ url: text, method, filters: texts, ...replayable }, ['url', 'method', 'filters']),
  trigger: {
    oneOf: [
      closed({ url: text, method, triggers: texts, ...replayable }, ['url', 'method', 'triggers']),
      closed({ url: text, method, filters: texts, ...replayable }, ['url', 'method', 'filters']),
    ],
  },
  studio: closed({ flow_sid: flowSid, filters: texts, ...replayable }, ['flow_sid']),
};

const timers = closed({ date_inactive: date, date_closed: date }, []);

/** What the specification leaves without a type, from the words and examples beside it. */
const untyped: { [property: string]: Schema } = {
  configuration: { type: 'object' },
  context: { type: 'object' },
  timers,
  conversation_timers: timers,
  bindings: { type: 'object', maxProperties: 0 },
  delivery: { type: ['object', 'null'] },
  sink_configuration: {
    oneOf: [
      closed({ destination: text, method, batch_events: { type: 'boolean' } }),
      closed({ arn: text, role_arn: text, external_id: text }),
      closed({ write_key: text }),
    ],
  },
  auto_creation: {
    oneOf: [
      created('webhook', { webhook_url: text, webhook_method: method, webhook_filters: texts }),
      created('studio', { studio_flow_sid: flowSid, studio_retry_count: { type: 'integer' } }),
      created('default', {}),
    ],
  },
  participant_messaging_binding: {
    oneOf: [
      { type: 'null' },
      closed({
        ...{ type: text, address: orNull, proxy_address: orNull },
        ...{ projected_address: orNull, level: orNull, name: orNull },
      }),
    ],
  },
  messaging_binding: {
    oneOf: [
      { type: 'null' },
      closed({ type: text, address: text, proxy_address: text, projected_address: text }, ['type']),
    ],
  },
};

function strict(schema: Schema, name = ''): Schema {
  if (typeof schema.$ref === 'string') return strict(resolve(schema.$ref), name);
  if (name === 'links')
    return { type: 'object', minProperties: 1, additionalProperties: { type: 'string', format: 'uri' } };
  if (schema.type === undefined) return untyped[name] ?? refuse(name);
  const { nullable, description: _, 'x-twilio': __, ...rest } = schema;
  const type = nullable === true ? [schema.type, 'null'] : schema.type;
  if (schema.type === 'array') {
    const items = schema.items as Schema;
    return {
      ...rest,
      type,
      items: Object.keys(items).length === 0 ? { type: 'object' } : strict(items, `${name}[]`),
    };
  }
  if (schema.type !== 'object') return { ...rest, type };
  const properties = Object.entries(schema.properties as { [property: string]: Schema });
  const object = closed(
    Object.fromEntries(properties.map(([property, value]) => [property, strict(value, property)])),
  );
  return 'configuration' in (schema.properties as Schema) ? { ...object, allOf: perTarget } : object;
}

const perTarget = Object.entries(configurations).map(([target, configuration]) => ({
  if: { type: 'object', properties: { target: { const: target } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
  then: { type: 'object', properties: { configuration } },
}));

function resolve(ref: string): Schema {
  const name = ref.replace('#/components/schemas/', '');
  const schema = specification.components.schemas[name] ?? refuse(name);
  // Twilio's example of a service without webhooks has null here.
  return name === 'service_webhook_configuration_enum_method'
    ? { ...schema, nullable: true, enum: ['GET', 'POST', null] }
    : schema;
}

function refuse(name: string): never {
  throw new Error(`nothing says what "${name}" looks like: it would pass unseen`);
}

const ajv = addFormats(
  new Ajv({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    formats: { 'uri-map': true, 'http-method': true },
  }),
);

/** `GET /v1/Conversations/{Sid}` → its answers. */
export const operations = Object.entries(specification.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([verb]) => ['get', 'post', 'delete'].includes(verb))
    .map(([verb, { responses }]) => ({ name: `${verb.toUpperCase()} ${path}`, path, responses })),
);

export const errorBody = ajv.compile(
  closed({
    code: { type: 'integer' },
    message: { type: 'string', minLength: 1 },
    more_info: { type: 'string', pattern: '^https://www\\.twilio\\.com/docs/errors/\\d{5}$' },
    status: { type: 'integer' },
  }),
);

const compiled = new Map<string, ValidateFunction>();

/** The strict validator of one answer; undefined where the specification knows no such answer or no body. */
export function validator(operation: string, status: number): ValidateFunction | undefined {
  const key = `${operation} ${status}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const schema = content(operation, status)?.schema;
  if (schema === undefined) return undefined;
  const validate = ajv.compile(strict(schema));
  compiled.set(key, validate);
  return validate;
}

/** Twilio's own examples of one answer. */
export const examples = (operation: string, status: number) =>
  Object.values(content(operation, status)?.examples ?? {}).map(({ value }) => value);

/** Whether the specification has this answer at all. */
export const documents = (operation: string, status: number) =>
  operations.find(({ name }) => name === operation)?.responses[status] !== undefined;

const content = (operation: string, status: number) =>
  operations.find(({ name }) => name === operation)?.responses[status]?.content?.['application/json'];

/** The operation a request was for. A literal part wins over a parameter. */
export function operationOf(method: string, pathname: string): string | undefined {
  const fitting = operations.filter(
    ({ name, path }) =>
      name.startsWith(`${method} `) && new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  );
  return fitting.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]?.name;
}
