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

/** An event type, and the version of its schema: the latest by default. */
export function readType(type: unknown, version: unknown): EventSubscription {
  if (typeof type !== 'string' || !isKnown(type)) {
    return refuse(91101, `Type not found in the system: ${String(type)}`);
  }
  const executions: string[] = Object.values(executionEvents);
  const latest = executions.includes(type) ? LATEST_EXECUTION_SCHEMA : Number.MAX_SAFE_INTEGER;
  const schemaVersion = Number(version ?? (executions.includes(type) ? latest : 1));
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1 || schemaVersion > latest) {
    return refuse(91101, `Schema version ${String(version)} of ${type} does not exist`);
  }
  return { type, schemaVersion };
}

// All types of Studio are known, so that a typing error is refused; those of other products are not.
const isKnown = (type: string) =>
  type.startsWith('com.twilio.studio.')
    ? studioEvents.includes(type)
    : /^com\.twilio(\.[a-z0-9-]+){2,}$/.test(type);

function parse(text: string): { type?: unknown; schema_version?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return refuse(91101, `Types must be JSON such as {"type":"${executionEvents.ended}"}, not ${text}`);
  }
}
