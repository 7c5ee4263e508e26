import type { Client } from 'twilio/lib/base/BaseTwilio';
import Domain from 'twilio/lib/base/Domain';
import Version from 'twilio/lib/base/Version';
import { ApiError } from '../lib/api-error';
import type { Environment } from '../lib/environment';
import { type Product, readCredentials } from './credentials';
import { InternalError } from './errors';
import { retryLimits } from './retry';
import { type SendOptions, send, type TwilioResponse } from './transport';

/** The function call that needs the API; counts API calls, and how many of them were retries. */
export interface CallContext {
  readonly env: Environment;
  readonly deadline: number;
  calls: number;
  retries: number;
}

interface Hooks {
  /** When it is too late to send the next request again, on the clock of performance.now(). */
  sendBefore?(): number | undefined;
  onResponse?(response: TwilioResponse): void;
}

/**
 * A version of a product's API, for the helper library's resource classes: on our own transport, because loading the whole
 * library takes longer than Twilio waits for a webhook.
 * @throws ApiError 20003 without credentials
 */
export function createVersion(
  caller: CallContext,
  product: Product,
  path: string,
  { sendBefore, onResponse }: Hooks = {},
): Version {
  const sending: SendOptions = {
    credentials: readCredentials(caller.env, product),
    limits: retryLimits(caller.env),
    deadline: caller.deadline,
    onAttempt: (retries) => {
      caller.calls += 1;
      if (retries > 0) caller.retries += 1;
    },
  };
  const client = {
    request: async (options: Parameters<typeof send>[0]) => {
      const response = await send(options, { ...sending, sendBefore: sendBefore?.() }).catch((error) => {
        throw error instanceof ApiError ? error : new InternalError(error);
      });
      onResponse?.(response);
      return response;
    },
  };
  // The library's types demand a whole client; its classes use `request` alone.
  return new Version(new Domain(client as unknown as Client, sending.credentials.baseUrl), path);
}
