import type { Environment } from '../src/lib/environment';
import { type CallContext, createApi, fieldsOf } from '../src/twilio/api';
import { type ConversationKey, createConversation } from '../src/twilio/client';
import { type Product, readCredentials } from '../src/twilio/credentials';
import { unexpectedResponse } from '../src/twilio/errors';
import type { Conversation } from '../src/webhooks/conversation';
import type { Transport } from './transport';

/** How long a request may take, with its retries: nobody waits for it. */
const TIMEOUT_MS = 60_000;
/** As nobody waits, more than a function has. */
const RETRY_LIMIT = '10';

/** Where Serverless is at TWILIO_API_BASE_URL, which has all APIs: its /v1/Services are others than those of Conversations. */
const SERVERLESS_PATH = '/serverless';

export type Fields = Readonly<Record<string, unknown>>;

/** The API of one account. */
export class Client {
  readonly #env: Environment;

  constructor(
    variables: Environment,
    private readonly transport: Transport,
  ) {
    this.#env = { TWILIO_SERVICE_RETRY_LIMIT: RETRY_LIMIT, ...variables };
  }

  /** @param timeoutMs how long everything may take that is done with it */
  conversation(key: ConversationKey, timeoutMs = TIMEOUT_MS): Conversation {
    return createConversation(key, this.#call(timeoutMs));
  }

  /** One record. @throws ApiError */
  async record(product: Product, path: string): Promise<Fields> {
    const { request } = createApi(this.#call(TIMEOUT_MS), product);
    return fieldsOf((await request('GET', this.#url(product, path))).body);
  }

  /** The records of a list, page by page. @throws ApiError */
  async *records(product: Product, path: string, key: string): AsyncGenerator<Fields> {
    let next: unknown = this.#url(product, path);
    while (typeof next === 'string') {
      // Whoever reads the page may take longer than a request may.
      const { body } = await createApi(this.#call(TIMEOUT_MS), product).request('GET', next);
      const { meta, [key]: records } = fieldsOf(body);
      if (!Array.isArray(records)) throw unexpectedResponse();
      yield* records.map(fieldsOf);
      next = fieldsOf(meta).next_page_url;
    }
  }

  #url(product: Product, path: string): string {
    const { baseUrl } = readCredentials(this.#env, product);
    const isElsewhere = product === 'serverless' && Boolean(this.#env.TWILIO_API_BASE_URL);
    return baseUrl + (isElsewhere ? SERVERLESS_PATH : '') + path;
  }

  #call(timeoutMs: number): CallContext {
    const deadline = performance.now() + timeoutMs;
    return { env: this.#env, deadline, calls: 0, retries: 0, send: this.transport };
  }
}
