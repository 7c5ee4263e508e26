import type { Environment } from '../lib/environment';
import { type Product, readCredentials } from './credentials';
import { explainApiKey } from './errors';
import { retryLimits } from './retry';
import { type ApiRequest, type ApiResponse, type SendOptions, send } from './transport';

/** The function call that needs the API; counts API calls, and how many of them were retries. */
export interface CallContext {
  readonly env: Environment;
  readonly deadline: number;
  calls: number;
  retries: number;
  /** Sends the requests; by default Twilio's transport. */
  readonly send?: typeof send;
}

/** One of Twilio's APIs. */
interface Api {
  readonly baseUrl: string;
  /** `sendBefore`: when it is too late to send the request again, on the clock of performance.now(). @throws ApiError */
  request(
    method: ApiRequest['method'],
    url: string,
    form?: ApiRequest['form'],
    sendBefore?: number,
  ): Promise<ApiResponse>;
}

/** @throws ApiError 20003 without credentials */
export function createApi(caller: CallContext, product: Product): Api {
  const transport = caller.send ?? send;
  const sending: SendOptions = {
    credentials: readCredentials(caller.env, product),
    limits: retryLimits(caller.env),
    deadline: caller.deadline,
    onAttempt: (retries) => {
      caller.calls += 1;
      if (retries > 0) caller.retries += 1;
    },
  };
  return {
    baseUrl: sending.credentials.baseUrl,
    request: (method, url, form, sendBefore) =>
      transport({ method, url, form }, { ...sending, sendBefore }).catch((error) => {
        throw caller.env.TWILIO_API_KEY ? explainApiKey(error, method, url) : error;
      }),
  };
}

/** The fields of what should be an object of JSON; none if it is something else. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
