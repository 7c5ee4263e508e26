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
 * One structured line for each call: the operation, its conversation, the name of its event, what came of it, API calls and
 * repetitions among them, and milliseconds. Of the answer only the result or the error code, so no body of a message, no URL
 * and no secret can be among it; nor the query of a URL that was sent in the place of a conversation.
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
