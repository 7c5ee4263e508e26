import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Twilio } from 'twilio';

/** What a Function finds of Twilio's runtime: as much as those of the benchmark use, and nothing that costs time. */
export interface Context {
  readonly [variable: string]: unknown;
  getTwilioClient(): Twilio;
}

/** A Function in the form that every runtime accepts. */
export type Handler = (
  context: Context,
  event: Readonly<Record<string, unknown>>,
  callback: (error: unknown, response?: unknown) => void,
) => unknown;

class Response {
  statusCode = 200;
  body: unknown = null;
  readonly headers: Record<string, string> = {};

  setStatusCode(status: number) {
    this.statusCode = status;
    return this;
  }

  appendHeader(name: string, value: string) {
    this.headers[name] = value;
    return this;
  }

  setBody(body: unknown) {
    this.body = body;
    return this;
  }
}

/** Puts the runtime's globals where functions look for them. */
export function installGlobals(assets: string): void {
  const open = () => readFileSync(join(assets, 'policy.private.json'), 'utf8');
  Object.assign(globalThis, {
    Twilio: { Response },
    Runtime: { getAssets: () => ({ '/policy.json': { open } }) },
  });
}

/**
 * The context of a call, whose `getTwilioClient` loads the library and makes a client as the runtime does: a new one each
 * time, of the environment's credentials. Ours points to another API.
 * @param loaded is told how many milliseconds `require('twilio')` took
 */
export function contextOf(env: NodeJS.ProcessEnv, loaded: (ms: number) => void = () => {}): Context {
  return {
    ...env,
    getTwilioClient() {
      const began = performance.now();
      const twilio: typeof import('twilio') = require('twilio');
      loaded(performance.now() - began);
      const client = twilio(env.ACCOUNT_SID, env.AUTH_TOKEN, { lazyLoading: true });
      client.conversations.baseUrl = `${env.TWILIO_API_BASE_URL}`;
      return client;
    },
  };
}

/** Calls a function. @returns its response; throws if that is an error, whose speed means nothing */
export async function call(handler: Handler, context: Context, event: Readonly<Record<string, unknown>>) {
  const request = { headers: {}, cookies: {} };
  const response = await new Promise((resolve, reject) => {
    handler(context, { ...event, request }, (error, given) => (error ? reject(error) : resolve(given)));
  });
  if (response instanceof Response && response.statusCode >= 300)
    throw new Error(`a function returned ${response.statusCode}: ${JSON.stringify(response.body)}`);
  return response;
}
