import type { ServerlessFunctionSignature } from '@twilio-labs/serverless-runtime-types/types';
import type { FunctionContext } from '../../../src/lib/environment';

/** What a function answered, and what it printed. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly printed: string;
}

class Response {
  statusCode = 200;
  body: Answered['body'] = {};
  setStatusCode(code: number): void {
    this.statusCode = code;
  }
  setBody(body: Answered['body']): void {
    this.body = body;
  }
  appendHeader(): void {}
}

/** What is being printed. */
let lines: unknown[] = [];

/**
 * Puts the runtime's globals in place, with a policy among the assets if there is one, as far as the functions ask for them.
 * From then on what is printed is kept from the terminal.
 */
export function installRuntime(policy: string | undefined): void {
  const assets = policy === undefined ? {} : { '/policy.json': { open: () => policy } };
  Object.assign(globalThis, { Twilio: { Response }, Runtime: { getAssets: () => assets } });
  console.log = console.warn = console.error = (...line) => void lines.push(...line);
}

/** Calls a function's own handler in this process, as the runtime would. What it prints is its own if it is called alone. */
export function call(
  handler: ServerlessFunctionSignature<FunctionContext>,
  context: FunctionContext,
  event: object,
): Promise<Answered> {
  const printed: unknown[] = [];
  lines = printed;
  return new Promise<Answered>((resolve, reject) => {
    handler(context as never, event as never, (error, response) => {
      const { statusCode, body } = response as unknown as Response;
      if (error) reject(error);
      else resolve({ status: statusCode, body, printed: printed.join('\n') });
    });
  });
}
