import { OUR_NUMBER } from '../register.mjs';
import { requests } from '../requests.mjs';

const CUSTOMER = '+15005550123';

/** The conversation of the demo: what people do in it, and what can be seen of it from outside. */
export class Stage {
  #functions;
  #variables;
  #api;
  #conversation;

  constructor(functions, variables) {
    this.#functions = functions;
    this.#variables = variables;
    this.#api = requests(variables);
  }

  /** The customer's first message opens the conversation. @returns the index of the message */
  async customerWrites(Body) {
    const message = await this.#api.post('/_emulator/inbound', { From: CUSTOMER, To: OUR_NUMBER, Body });
    this.#conversation = message.conversation_sid;
    return message.index;
  }

  join(Identity) {
    return this.#post('participants', { Identity });
  }

  async write(Author, Body) {
    return (await this.#post('messages', { Source: 'SDK', Author, Body })).index;
  }

  /** Reports disagree on whether Studio attaches its webhook again when an execution ends; from now on it does. */
  letStudioReattach() {
    return this.#api.post('/_emulator/options', { studioReattaches: 'on' });
  }

  close() {
    const path = `/v1/Conversations/${this.#conversation}`;
    return this.#api.post(path, { State: 'closed' }, { 'X-Twilio-Webhook-Enabled': 'true' });
  }

  /** The emulator's clock goes on; nobody waits. */
  pass(seconds) {
    return this.#api.post('/_emulator/clock', { advance: String(seconds) });
  }

  /** Resolves when every delivery was made and responded to. */
  settled() {
    return this.#api.get('/_emulator/idle');
  }

  /** What is attached, the oldest first. */
  async webhooks() {
    if (!this.#conversation) return [];
    const { webhooks } = await this.#api.get(`/v1/Conversations/${this.#conversation}/Webhooks`);
    return webhooks.map((webhook) => ({ sid: webhook.sid, name: this.#nameOf(webhook) }));
  }

  /** Who was sent which message: the index of the message, and the webhook that it came by. */
  async received() {
    const { executions } = await this.#api.get(`/_emulator/executions?ConversationSid=${this.#conversation}`);
    const { requests } = await this.#api.get('/_emulator/receiver/requests');
    const bot = executions.flatMap(({ messages }) => messages.map((params) => ({ by: 'bot', params })));
    const others = requests.map(({ url, params }) => ({
      by: url === this.#variables.CRM_URL ? 'crm' : 'sos',
      params,
    }));
    return [...bot, ...others]
      .filter(({ params }) => params.EventType === 'onMessageAdded')
      .map(({ by, params }) => ({ by, index: Number(params.Index), webhook: params.WebhookSid }));
  }

  /** How many deliveries came to the CRM, the keyword's webhook included, and how many of them were signed as they should. */
  async signatures() {
    const { requests } = await this.#api.get('/_emulator/receiver/requests');
    return { all: requests.length, valid: requests.filter(({ valid }) => valid).length };
  }

  /** The most webhooks that attached at one time, and how many found no slot, by what was requested of the API. */
  async most() {
    const { requests } = await this.#api.get('/_emulator/requests');
    const place = new RegExp(`/Conversations/${this.#conversation}/Webhooks(/WH\\w+)?$`);
    const counts = { most: 0, refused: 0 };
    let standing = 0;
    for (const { method, path, status } of requests) {
      const [about, webhook] = place.exec(path) ?? [];
      const creates = about && method === 'POST' && !webhook;
      // The rule has deleted the flow's webhook before it ends the execution, and Studio attaches it again.
      const reattaches = method === 'POST' && /\/Executions\/FN\w+$/.test(path) && status === 200;
      if (reattaches || (creates && status === 201)) standing += 1;
      if (creates && status === 403) counts.refused += 1;
      counts.most = Math.max(counts.most, standing);
      if (about && method === 'DELETE' && status === 204) standing -= 1;
    }
    return counts;
  }

  #post(what, form) {
    return this.#api.post(`/_emulator/conversations/${this.#conversation}/${what}`, form);
  }

  #nameOf({ target, configuration: { url, flow_sid } }) {
    if (flow_sid) return flow_sid === this.#variables.BOT_FLOW_SID ? 'bot' : 'studio';
    if (url.startsWith(`${this.#functions}/events/`)) return 'router';
    if (target === 'trigger') return 'sos';
    return url === this.#variables.CRM_URL ? 'crm' : target;
  }
}
