interface Logged {
  readonly operation: string;
  readonly conversation: string | undefined;
  readonly status: number;
  readonly body: object;
  readonly calls: number;
  readonly ms: number;
}

/**
 * One structured line for each call: the operation, its conversation, what came of it, API calls and milliseconds. Of the
 * answer only the result or the error code, so no body of a message, no URL and no secret can be among it; nor the query of
 * a URL that was sent in the place of a conversation.
 */
export function log({ operation, conversation, status, body, calls, ms }: Logged): void {
  const { result, code } = body as { result?: unknown; code?: unknown };
  const named = conversation?.replace(/[?#].*/s, '').slice(0, 64);
  console.log(JSON.stringify({ operation, conversation: named, status, result, code, calls, ms }));
}
