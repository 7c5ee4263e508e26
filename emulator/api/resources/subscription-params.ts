import { refuse } from '../../twilio/errors';
import { executionEvents, LATEST_EXECUTION_SCHEMA, studioEvents } from '../../twilio/execution-events';
import type { Params } from '../params';

export interface EventSubscription {
  type: string;
  schemaVersion: number;
}

/** `Types={"type":"com.twilio.…","schema_version":1}`, repeated. */
export function readTypes(params: Params): EventSubscription[] {
  const texts = params.array('Types') ?? refuse(91101, 'Types is missing');
  const wanted = texts.map((text) => {
    const { type, schema_version } = parse(text);
    return readType(type, schema_version);
  });
  if (new Set(wanted.map(({ type }) => type)).size < wanted.length) {
    refuse(91101, 'Event types are duplicated');
  }
  return wanted;
}

/** The name of an event type, and the version of its schema: the latest, unless another is asked for. */
export function readType(type: unknown, version: unknown): EventSubscription {
  if (typeof type !== 'string' || !isKnown(type)) {
    return refuse(91101, `Type not found in the system: ${String(type)}`);
  }
  const executions: string[] = Object.values(executionEvents);
  const latest = executions.includes(type) ? LATEST_EXECUTION_SCHEMA : Number.MAX_SAFE_INTEGER;
  const schemaVersion = Number(version ?? (executions.includes(type) ? latest : 1));
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1 || schemaVersion > latest) {
    return refuse(91101, `There is no schema version ${String(version)} of ${type}`);
  }
  return { type, schemaVersion };
}

// Studio's types are all known here, so that a slip of the pen does not wait for ever; the others are not.
const isKnown = (type: string) =>
  type.startsWith('com.twilio.studio.')
    ? studioEvents.includes(type)
    : /^com\.twilio(\.[a-z0-9-]+){2,}$/.test(type);

function parse(text: string): { type?: unknown; schema_version?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return refuse(91101, `Types takes JSON like {"type":"${executionEvents.ended}"}, not ${text}`);
  }
}
