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

/** Puts the runtime's globals in place, with a policy among the assets, as far as the functions ask for them. */
export function installRuntime(policy: object): void {
  const assets = { '/policy.json': { open: () => JSON.stringify(policy) } };
  Object.assign(globalThis, { Twilio: { Response }, Runtime: { getAssets: () => assets } });
}

/** Calls a function's own handler in this process, as the runtime would. */
export function call(
  handler: ServerlessFunctionSignature<FunctionContext>,
  context: FunctionContext,
  event: object,
): Promise<Answered> {
  const lines: unknown[] = [];
  const spies = (['log', 'error'] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation((...line) => void lines.push(...line)),
  );
  return new Promise<Answered>((resolve, reject) => {
    handler(context as never, event as never, (error, response) => {
      const { statusCode, body } = response as unknown as Response;
      if (error) reject(error);
      else resolve({ status: statusCode, body, printed: lines.join('\n') });
    });
  }).finally(() => {
    for (const spy of spies) spy.mockRestore();
  });
}
