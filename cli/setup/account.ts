import twilio from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient';
import { comparableUrl } from '../../src/lib/url';
import { fieldsOf } from '../../src/twilio/api';
import { readCredentials, userAndPassword } from '../../src/twilio/credentials';
import { CliError } from '../errors';
import type { Variables } from '../variables';
import { ENDED, type Settings, type Sink, type Step } from './step';

const TIMEOUT_MS = 15_000;
const DESCRIPTION = 'conversation-webhooks';

/** The settings of an account, or of a service, which have no target. */
interface Webhooks {
  fetch(): Promise<{
    accountSid: string;
    postWebhookUrl: string | null;
    preWebhookUrl: string | null;
    filters: string[] | null;
    method: string | null;
    target?: string;
  }>;
  update(params: { postWebhookUrl: string; filters: string[]; method?: string }): Promise<unknown>;
}

/** Of one of our phone numbers, or the like. */
interface AddressConfiguration {
  readonly sid: string;
  readonly type: string;
  readonly address: string;
  /** Whether it creates a conversation where there is none. */
  readonly createsConversations: boolean;
  /** The default service if left out. */
  readonly service?: string;
}

/** The library requests a next page wherever its URL points. This sends the credentials to the two APIs that are used, and nowhere else. */
class HttpClient extends RequestClient {
  readonly #origins: readonly string[];

  constructor(
    origin: string,
    private readonly readOnly: boolean,
  ) {
    // It retries after a 429, and after nothing else.
    super({ timeout: TIMEOUT_MS, autoRetry: true });
    this.#origins = [origin, origin.replace('//conversations.', '//events.')];
  }

  override request<T>(options: RequestClient.RequestOptions<T>) {
    const { origin } = new URL(options.uri);
    if (this.readOnly && options.method.toUpperCase() !== 'GET')
      throw new Error(`${options.method} on an account that is only read`);
    if (this.#origins.includes(origin)) return super.request(options);
    throw new CliError(`Twilio's response has a next page at ${origin}; check TWILIO_API_BASE_URL`);
  }
}

/** What is registered on an account, or on one of its services; and the requests that change it. */
export class Account {
  /** Where its API is. */
  readonly origin: string;
  readonly #client: twilio.Twilio;
  readonly #service: string | undefined;
  /** The sink that was created last. */
  #created = '';

  /** @param access `readOnly`: every request but GET is refused. @throws ApiError for unusable variables */
  constructor(variables: Variables, service: string | undefined, { readOnly = false } = {}) {
    const { TWILIO_API_BASE_URL, TWILIO_EDGE = '', TWILIO_REGION = '' } = variables;
    this.origin = readCredentials(variables).baseUrl;
    this.#service = service;
    // Empty strings, because for what is left out the library reads the environment, which may be another account's.
    const options = { httpClient: new HttpClient(this.origin, readOnly), logLevel: '' };
    const place = TWILIO_API_BASE_URL
      ? { edge: '', region: '' }
      : { edge: TWILIO_EDGE, region: TWILIO_REGION };
    const { ACCOUNT_SID: accountSid } = variables;
    const [user, password] = userAndPassword(variables);
    this.#client = twilio(user, password, { ...options, ...place, ...(accountSid && { accountSid }) });
    if (!TWILIO_API_BASE_URL) return;
    this.#client.conversations.baseUrl = this.origin;
    this.#client.events.baseUrl = this.origin;
  }

  /** @param service its own instead */
  async settings(service = this.#service): Promise<Settings> {
    const found = await this.#webhooks(service).fetch();
    if (found.accountSid !== this.#client.accountSid)
      throw new CliError(`${this.origin} does not respond like Twilio's API; check TWILIO_API_BASE_URL`);
    return {
      url: found.postWebhookUrl ?? '',
      filters: found.filters ?? [],
      method: (found.method ?? '').toUpperCase(),
      pre: Boolean(found.preWebhookUrl),
      target: found.target ?? 'webhook',
    };
  }

  /** The SID of the service in which conversations are created where none is named. */
  async defaultService(): Promise<string> {
    return (await this.#client.conversations.v1.configuration().fetch()).defaultChatServiceSid;
  }

  /** The SIDs of all services. */
  async services(): Promise<string[]> {
    return (await this.#client.conversations.v1.services.list()).map(({ sid }) => sid);
  }

  /** The address configurations. */
  async addresses(): Promise<AddressConfiguration[]> {
    const listed = await this.#client.conversations.v1.addressConfigurations.list();
    return listed.map(({ sid, type, address, autoCreation }) => {
      const { enabled, conversation_service_sid } = fieldsOf(autoCreation);
      return {
        sid,
        type: type ?? '',
        address,
        createsConversations: enabled === true,
        ...(typeof conversation_service_sid === 'string' && { service: conversation_service_sid }),
      };
    });
  }

  /** The sinks of webhooks to this URL, the oldest first. */
  async sinks(destination: string): Promise<Sink[]> {
    const { sinks, subscriptions } = this.#client.events.v1;
    const ours = (await sinks.list()).filter(
      ({ sinkType, sinkConfiguration: { destination: url } }) =>
        sinkType === 'webhook' &&
        typeof url === 'string' &&
        comparableUrl(url) === comparableUrl(destination),
    );
    ours.sort((a, b) => Number(a.dateCreated) - Number(b.dateCreated));
    const found: Sink[] = [];
    for (const { sid, sinkConfiguration, status } of ours) {
      const listed = await subscriptions.list({ sinkSid: sid });
      const typed = listed.map(async ({ sid }) => {
        const events = await subscriptions(sid).subscribedEvents.list();
        return { sid, types: events.map(({ type }) => type) };
      });
      found.push({
        sid,
        status,
        method: `${sinkConfiguration.method}`,
        subscriptions: await Promise.all(typed),
      });
    }
    return found;
  }

  async apply(step: Step): Promise<void> {
    const { sinks, subscriptions } = this.#client.events.v1;
    switch (step.kind) {
      case 'set':
        return this.#set(step);
      case 'create sink': {
        const sinkConfiguration = { destination: step.destination, method: 'POST', batch_events: true };
        const { sid } = await sinks.create({
          description: DESCRIPTION,
          sinkType: 'webhook',
          sinkConfiguration,
        });
        this.#created = sid;
        return;
      }
      case 'subscribe': {
        const sinkSid = step.sink ?? this.#created;
        await subscriptions.create({ description: DESCRIPTION, sinkSid, types: [{ type: ENDED }] });
        return;
      }
      case 'add event':
        await subscriptions(step.subscription).subscribedEvents.create({ type: ENDED });
        return;
      case 'remove event':
        return ignoreNotFound(subscriptions(step.subscription).subscribedEvents(ENDED).remove());
      case 'delete subscription':
        return ignoreNotFound(subscriptions(step.sid).remove());
      case 'delete sink':
        return ignoreNotFound(sinks(step.sid).remove());
    }
  }

  async #set({ url, filters, method, before }: Step & { kind: 'set' }): Promise<void> {
    await this.#webhooks().update({
      postWebhookUrl: url,
      // An empty array would not be sent at all.
      filters: filters.length > 0 ? [...filters] : [''],
      ...(method !== before.method && { method }),
    });
  }

  #webhooks(service = this.#service): Webhooks {
    const { configuration, services } = this.#client.conversations.v1;
    return service === undefined ? configuration.webhooks() : services(service).configuration.webhooks();
  }
}

async function ignoreNotFound(deletion: Promise<boolean>): Promise<void> {
  await deletion.catch((error: { status?: number }) => {
    if (error.status !== 404) throw error;
  });
}
