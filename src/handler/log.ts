import { withoutQuery } from '../lib/url';

interface LogLine {
  readonly operation: string;
  readonly conversation?: string | undefined;
  readonly event?: string | undefined;
  readonly status: number;
  readonly body: object;
  readonly calls: number;
  readonly retries: number;
  readonly ms: number;
}

/**
 * Logs one JSON line per call. Of the response it has only the result or the error code, so that no message body, URL or
 * secret is logged; nor is the query of a URL that was sent as a conversation.
 */
export function logCall({ operation, conversation, event, status, body, calls, retries, ms }: LogLine): void {
  const { result, code } = body as { result?: unknown; code?: unknown };
  console.log(
    JSON.stringify({
      operation,
      conversation: sanitize(conversation),
      event: sanitize(event),
      status,
      result,
      code,
      calls,
      retries: retries || undefined,
      ms,
    }),
  );
}

function sanitize(text: string | undefined): string | undefined {
  return text === undefined ? undefined : withoutQuery(text).slice(0, 64);
}
