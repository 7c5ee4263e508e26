import { ApiError } from '../../src/lib/api-error';
import { parseUrl } from '../../src/lib/parse-url';
import { fieldsOf } from '../../src/twilio/api';
import { type Product, readCredentials } from '../../src/twilio/credentials';
import { explainApiKey } from '../../src/twilio/errors';
import { retryLimits } from '../../src/twilio/retry';
import { type ApiRequest, send } from '../../src/twilio/transport';
import type { Variables } from '../variables';

const TIMEOUT_MS = 15_000;

export type Fields = Readonly<Record<string, unknown>>;
/** Names and values; an array repeats its name. */
export type Form = Readonly<Record<string, string | readonly string[]>>;

/** What Twilio responded, whether it did what was asked or not. */
export interface Reply {
  readonly status: number;
  /** Twilio's code of an error. */
  readonly code: number | undefined;
  readonly body: Fields;
}

/** The probe was asked to end. */
export class StoppedError extends Error {}

/** Twilio refused what a question cannot do without. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly reply?: Pick<Reply, 'status' | 'code'>,
  ) {
    super(message);
  }
}

/** The APIs of an account, one request at a time. */
export class Api {
  readonly origin: string;

  /**
   * @param signal when it aborts, no further request is sent
   * @throws ApiError for unusable variables
   */
  constructor(
    private readonly variables: Variables,
    private readonly signal?: AbortSignal,
  ) {
    this.origin = readCredentials(variables).baseUrl;
  }

  /**
   * The response of Twilio, also if it refuses, unless the credentials are the reason.
   * @throws RefusedError without a permission; ApiError for wrong credentials, or without a response that says something about the request;
   * StoppedError
   */
  async request(
    method: ApiRequest['method'],
    product: Product,
    path: string,
    form?: Form,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    if (this.signal?.aborted) throw new StoppedError();
    const credentials = readCredentials(this.variables, product);
    const url = credentials.baseUrl + path;
    try {
      const { body } = await send(
        { method, url, form: form && toPairs(form), headers },
        {
          credentials,
          limits: retryLimits(this.variables),
          deadline: performance.now() + TIMEOUT_MS,
          onAttempt: () => undefined,
        },
      );
      return { status: 200, code: undefined, body: fieldsOf(body) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { status, code, message } = this.variables.TWILIO_API_KEY
        ? explainApiKey(error, method, url)
        : error;
      if (status === 401 || error.isThrottled || error.mayHaveSucceeded)
        throw new ApiError(code, message, undefined, status);
      // Conversations' own codes begin with 50: a limit may be a 403, too.
      if (status === 403 && !/^50...$/.test(`${code}`)) throw new RefusedError(message);
      return { status, code, body: { message } };
    }
  }

  /** The same for what Twilio is expected to do. @throws RefusedError too */
  async expect(...request: Parameters<Api['request']>): Promise<Fields> {
    const { status, code, body } = await this.request(...request);
    if (status < 400) return body;
    throw new RefusedError(`${request[0]} ${request[2].split('?')[0]}: ${status}/${code} ${body.message}`, {
      status,
      code,
    });
  }

  /** All records of a list. @throws as `expect` */
  async list(product: Product, path: string, key: string): Promise<Fields[]> {
    const found: Fields[] = [];
    for (let next: string | undefined = `${path}?PageSize=100`; next !== undefined; ) {
      const { [key]: records, meta } = await this.expect('GET', product, next);
      if (Array.isArray(records)) found.push(...records.map(fieldsOf));
      const { next_page_url: url } = fieldsOf(meta);
      const page = typeof url === 'string' ? parseUrl(url) : undefined;
      next = page && page.pathname + page.search;
    }
    return found;
  }

  /** Deletes what may be gone already. @throws as `expect` */
  async remove(product: Product, path: string): Promise<void> {
    const { status, code } = await this.request('DELETE', product, path);
    if (status >= 400 && status !== 404) throw new RefusedError(`DELETE ${path}: ${status}/${code}`);
  }
}

function toPairs(form: Form): [string, string][] {
  return Object.entries(form).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, item]),
  );
}
