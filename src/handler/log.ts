import { withoutQuery } from '../lib/url';

export interface LogLine {
  readonly operation: string;
  readonly conversation?: string | undefined;
  readonly event?: string | undefined;
  readonly index?: number | undefined;
  readonly status: number;
  readonly body: object;
  readonly calls: number;
  readonly retries: number;
  readonly ms: number;
}

/** What is logged of a response: no message, no settings of webhooks. */
interface Facts {
  readonly result?: unknown;
  readonly rule?: unknown;
  readonly nearest?: unknown;
  readonly previous_profile?: unknown;
  readonly profile?: unknown;
  readonly plan?: unknown;
  readonly replay?: unknown;
  readonly replayed?: unknown;
  readonly policy?: unknown;
  readonly why?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: { readonly plan?: unknown };
  readonly warnings?: unknown;
  readonly conversations?: unknown;
}

/** Twilio stops waiting for the response to an event. */
const SLOW_MS = 5_000;
const MAX_LENGTH = 300;

/**
 * Logs one JSON line per call: a warning if somebody should look at it, an error if it failed. It has no message body, no
 * settings of webhooks, no secret, and no query of a URL.
 */
export function logCall({
  operation,
  conversation,
  event,
  index,
  status,
  body,
  calls,
  retries,
  ms,
}: LogLine): void {
  const facts = body as Facts;
  const warnings = [
    ...strings(facts.warnings),
    ...(facts.code === 50361 ? ['all slots are taken'] : []),
    ...(ms > SLOW_MS ? [`took over ${SLOW_MS / 1000} s`] : []),
  ];
  const log = status >= 500 ? console.error : warnings.length > 0 ? console.warn : console.log;
  log(
    JSON.stringify({
      operation,
      conversation: subject(conversation),
      event: subject(event),
      index,
      status,
      result: facts.result,
      rule: facts.rule,
      from: facts.previous_profile,
      to: facts.profile,
      steps: steps(facts.plan ?? facts.details?.plan),
      replay: facts.replay,
      replayed: facts.replayed,
      policy: facts.policy,
      why: facts.why,
      nearest: facts.nearest,
      code: facts.code,
      message: sentence(facts.message),
      conversations: sids(facts.conversations),
      failed: failed(facts.conversations),
      warnings: warnings.length > 0 ? warnings.map(sentence) : undefined,
      calls,
      retries: retries || undefined,
      ms,
    }),
  );
}

function subject(text: string | undefined): string | undefined {
  return text === undefined ? undefined : withoutQuery(text).slice(0, 64);
}

/** Without the query of any URL in it, which Twilio's messages may quote. A quote in a query does not end it. */
export function sentence(text: unknown): string | undefined {
  return typeof text === 'string'
    ? text.replace(/[?#](?:[^\s"']|["'](?![\s,.;:!)\]}]|$)){2,}/g, '').slice(0, MAX_LENGTH)
    : undefined;
}

function steps(plan: unknown): string[] | undefined {
  const changes = records(plan).map(({ step, webhook }) => `${step} ${webhook}`);
  return changes.length > 0 ? changes : undefined;
}

/** The conversations of a batch. */
function sids(conversations: unknown): unknown[] | undefined {
  const found = records(conversations).map(({ ConversationSid }) => ConversationSid);
  return found.length > 0 ? found : undefined;
}

/** Those of them that failed. */
function failed(conversations: unknown): object[] | undefined {
  const found = records(conversations).flatMap(({ ConversationSid, result, code, message }) =>
    result === 'failed' ? [{ conversation: ConversationSid, code, message: sentence(message) }] : [],
  );
  return found.length > 0 ? found : undefined;
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
