import { ENDED } from '../setup/step';
import { type Api, type Fields, type Form, RefusedError, type Reply } from './api';
import type { Cleanup } from './cleanup';
import { poll } from './poll';
import { createTag, type Received, type Receiver } from './receiver';

/** Never fires in a conversation of the probe, which updates no participant. */
const QUIET_EVENT = 'onParticipantUpdated';
/** Reserved for examples: https://www.rfc-editor.org/rfc/rfc2606. Nothing is sent there. */
const NOWHERE = 'https://example.com/conversation-webhooks-probe';
const FIRES = { 'X-Twilio-Webhook-Enabled': 'true' };
/** How the names begin of what the probe creates, by which the next run finds what this one left. */
export const NAME = 'conversation-webhooks probe';
const UNIQUE_NAME = 'conversation-webhooks-probe';

export interface Conversation {
  readonly sid: string;
  readonly uniqueName: string;
  readonly path: string;
}

export interface Settings {
  readonly service: string | undefined;
  readonly flow: string | undefined;
  readonly customer: string | undefined;
  readonly number: string | undefined;
  readonly deployment: URL | undefined;
  /** To sign with. */
  readonly authToken: string | undefined;
  /** How long to wait for what may not come. */
  readonly waitMs: number;
}

interface Context {
  readonly api: Api;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Undefined if no question needs it. */
  readonly receiver: Receiver | undefined;
}

/** The unique name of the conversation that questions share, or of a question's own. */
export const uniqueNameOf = (question?: string) => [UNIQUE_NAME, question].filter(Boolean).join('-');

/** What questions ask with. Whatever it creates, `cleanup` removes. */
export class Session {
  /** The conversation that questions share, once it is there. */
  #shared: Conversation | undefined;

  /** @param question its name; undefined: what all questions share */
  constructor(
    private readonly context: Context,
    readonly cleanup: Cleanup,
    private readonly question?: string,
  ) {}

  /** The same for one question, which cleans up for itself. */
  for(question: string, cleanup: Cleanup): Session {
    const session = new Session(this.context, cleanup, question);
    session.#shared = this.#shared;
    return session;
  }

  /** Creates the conversation that all questions share. */
  async begin(): Promise<void> {
    this.#shared = await this.createConversation();
  }

  get api(): Api {
    return this.context.api;
  }

  get settings(): Settings {
    return this.context.settings;
  }

  get conversation(): Conversation {
    return this.#shared ?? missing('the shared conversation');
  }

  /** @throws Error without --receiver, which the question says that it needs */
  get receiver(): Receiver {
    return this.context.receiver ?? missing('--receiver');
  }

  get flow(): string {
    return this.settings.flow ?? missing('--flow');
  }

  /** Without a participant, so that no message leaves Twilio. @param flow that is started in it */
  async createConversation({ service = this.settings.service, flow }: Place = {}): Promise<Conversation> {
    const uniqueName = uniqueNameOf(this.question);
    const root = conversationsOf(service);
    const form = { UniqueName: uniqueName, FriendlyName: NAME, Attributes: JSON.stringify({ flow }) };
    const { sid } = await this.cleanup.create(
      `conversation ${uniqueName}`,
      (api) => api.remove('conversations', `${root}/${uniqueName}`),
      () => this.api.expect('POST', 'conversations', root, form),
    );
    return { sid: `${sid}`, uniqueName, path: `${root}/${sid}` };
  }

  /** Attaches a webhook, unless Twilio refuses. */
  async attach(form: Form, conversation = this.conversation): Promise<Reply> {
    const path = `${conversation.path}/Webhooks`;
    const reply = await this.api.request('POST', 'conversations', path, form);
    const { sid } = reply.body;
    if (reply.status < 400)
      this.cleanup.add(`webhook ${sid} of ${conversation.sid}`, (api) =>
        api.remove('conversations', `${path}/${sid}`),
      );
    return reply;
  }

  /** One with target webhook that never gets anything. */
  attachQuiet(form: Form = {}, conversation?: Conversation): Promise<Reply> {
    const quiet = { 'Configuration.Url': NOWHERE, 'Configuration.Filters': [QUIET_EVENT] };
    return this.attach({ Target: 'webhook', ...quiet, ...form }, conversation);
  }

  /** A new quiet webhook, as it comes back. @throws RefusedError */
  async echoQuiet(form: Form = {}): Promise<Fields> {
    const reply = await this.attachQuiet(form);
    configurationOf(reply);
    return reply.body;
  }

  /** Its configuration. @throws RefusedError */
  async echo(form: Form): Promise<Fields> {
    return configurationOf(await this.attachQuiet(form));
  }

  /** The configuration of a new trigger that never gets anything. @throws RefusedError */
  async echoTrigger(keyword: string): Promise<Fields> {
    const form = { 'Configuration.Url': NOWHERE, 'Configuration.Triggers': [keyword] };
    return configurationOf(await this.attach({ Target: 'trigger', ...form }));
  }

  /** Attaches one that the receiver gets. @returns the tag of its requests. @throws RefusedError */
  async attachReceiver(form: Form): Promise<string> {
    const tag = createTag();
    const configuration = { 'Configuration.Url': this.receiver.url(tag), 'Configuration.Method': 'POST' };
    configurationOf(await this.attach({ ...configuration, ...form }));
    return tag;
  }

  async webhooks(conversation = this.conversation): Promise<Fields[]> {
    const { webhooks } = await this.api.expect('GET', 'conversations', `${conversation.path}/Webhooks`);
    return Array.isArray(webhooks) ? webhooks : [];
  }

  /** Writes a message. @param fires whether webhooks get it */
  write(
    body: string,
    { fires, author, conversation = this.conversation }: WriteOptions = {},
  ): Promise<Fields> {
    const form = { Body: body, ...(author !== undefined && { Author: author }) };
    const path = `${conversation.path}/Messages`;
    return this.api.expect('POST', 'conversations', path, form, fires ? FIRES : {});
  }

  /** Changes something. Webhooks get it. */
  update(path: string, form: Form): Promise<Fields> {
    return this.api.expect('POST', 'conversations', path, form, FIRES);
  }

  /** Creates a named resource; if the response is lost, cleaning up finds it by that name. @throws RefusedError */
  async create(
    product: 'conversations' | 'events',
    path: string,
    { key, field, ...form }: { readonly key: string; readonly field: string } & Form,
  ): Promise<string> {
    const name = `${NAME} ${createTag()}`;
    const find = async (api: Api) => {
      const records = await api.list(product, path, key);
      return records.filter((record) => record[snakeCase(field)] === name).map(({ sid }) => `${sid}`);
    };
    let created: string | undefined;
    const remove = async (api: Api) => {
      const sids = created === undefined ? await find(api) : [created];
      for (const sid of sids) await api.remove(product, `${path}/${sid}`);
    };
    const { sid } = await this.cleanup.create(`${key.slice(0, -1)} "${name}"`, remove, () =>
      this.api.expect('POST', product, path, { ...form, [field]: name }),
    );
    created = `${sid}`;
    return created;
  }

  createSink(destination: string, { batchEvents = true } = {}): Promise<string> {
    const configuration = { destination, method: 'POST', batch_events: batchEvents };
    return this.create('events', '/v1/Sinks', {
      key: 'sinks',
      field: 'Description',
      SinkType: 'webhook',
      SinkConfiguration: JSON.stringify(configuration),
    });
  }

  subscribe(SinkSid: string, type = ENDED): Promise<string> {
    return this.create('events', '/v1/Subscriptions', {
      key: 'subscriptions',
      field: 'Description',
      SinkSid,
      Types: JSON.stringify({ type }),
    });
  }

  /** What the receiver got, once that is enough, or as much as came in time. */
  async received(tag: string, isEnough: (requests: Received[]) => boolean): Promise<Received[]> {
    let requests: Received[] = [];
    await poll(async () => {
      requests = [...this.receiver.requests(tag)];
      return isEnough(requests) || undefined;
    }, this.pollLimits);
    return requests;
  }

  /** What the receiver got first. @throws RefusedError if nothing came */
  async firstReceived(tag: string): Promise<Received> {
    const [first] = await this.received(tag, ({ length }) => length > 0);
    if (first) return first;
    throw new RefusedError(`nothing reached the receiver within ${this.settings.waitMs / 1000} s`);
  }

  get pollLimits() {
    return { waitMs: this.settings.waitMs, signal: this.context.signal };
  }
}

interface Place {
  readonly service?: string | undefined;
  readonly flow?: string;
}

interface WriteOptions {
  readonly fires?: boolean;
  readonly author?: string | undefined;
  readonly conversation?: Conversation | undefined;
}

export const conversationsOf = (service: string | undefined) =>
  `/v1${service === undefined ? '' : `/Services/${service}`}/Conversations`;

/** @throws RefusedError if it was not created */
function configurationOf({ status, code, body }: Reply): Fields {
  const { configuration } = body;
  if (status < 400 && typeof configuration === 'object' && configuration !== null)
    return configuration as Fields;
  throw new RefusedError(`the webhook was refused: ${status}/${code} ${body.message}`);
}

const snakeCase = (name: string) => name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();

function missing(what: string): never {
  throw new Error(`${what} is missing`);
}
