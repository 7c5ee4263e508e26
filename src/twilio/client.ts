import type {
  WebhookContextUpdateOptions,
  WebhookListInstanceCreateOptions,
} from 'twilio/lib/rest/conversations/v1/conversation/webhook';
import { ApiError } from '../lib/api-error';
import { MAX_WEBHOOKS } from '../lib/limits';
import { validateConversationSid, validateServiceSid } from '../lib/sids';
import type { Conversation, ConversationFields } from '../webhooks/conversation';
import type { WebhookConfig } from '../webhooks/settings';
import type { Configuration, Webhook } from '../webhooks/webhook';
import { type CallContext, createApi, fieldsOf } from './api';
import { unexpectedResponse } from './errors';

/** Which conversation: as a caller or an event names it. */
export interface ConversationKey {
  readonly ConversationSid?: string | undefined;
  readonly ServiceSid?: string | undefined;
}

/** A conversation has one, unless it has more webhooks than Twilio allows. */
const MAX_PAGES = 25;

/**
 * The conversation of a function call. Names of parameters are the helper library's, by its types alone: its classes would be a third
 * of a function, and loading the whole library takes longer than Twilio waits for a webhook.
 * @throws ApiError 50351, 20001 for a conversation or service that is not valid; 20003 without credentials
 */
export function createConversation(
  { ConversationSid, ServiceSid }: ConversationKey,
  caller: CallContext,
): Conversation {
  const path = conversationPath({ ConversationSid, ServiceSid });
  const { baseUrl, request } = createApi(caller, 'conversations');
  const url = baseUrl + path;
  const toResource = ({ body }: { body: unknown }) => toWebhook(body, ServiceSid);

  return {
    async list() {
      const webhooks: Webhook[] = [];
      let date: string | undefined;
      let next: unknown = `${url}/Webhooks?PageSize=${MAX_WEBHOOKS}`;
      for (let page = 0; page < MAX_PAGES && next !== null && next !== undefined; page++) {
        const response = await request('GET', `${next}`);
        const found = fieldsOf(response.body);
        if (!Array.isArray(found.webhooks)) throw unexpectedResponse();
        webhooks.push(...found.webhooks.map((webhook) => toWebhook(webhook, ServiceSid)));
        date = response.date;
        next = fieldsOf(found.meta).next_page_url;
      }
      return { webhooks, date: unixSeconds(date) };
    },
    fetch: (sid) => request('GET', `${url}/Webhooks/${sid}`).then(toResource),
    create: (definition, replayAfter, before) =>
      request('POST', `${url}/Webhooks`, toForm(createOptions(definition, replayAfter)), before).then(
        toResource,
      ),
    update: (sid, settings, before) =>
      request('POST', `${url}/Webhooks/${sid}`, toForm(updateOptions(settings)), before).then(toResource),
    remove: (sid, before) =>
      request('DELETE', `${url}/Webhooks/${sid}`, undefined, before).then(
        () => true,
        (error) => {
          if (error instanceof ApiError && error.status === 404) return false;
          throw error;
        },
      ),
    fetchFields: (before) => request('GET', url, undefined, before).then(({ body }) => toFields(body)),
    newestIndex: () =>
      request('GET', `${url}/Messages?Order=desc&PageSize=1`).then(({ body }) => firstIndex(body)),
  };
}

/** @throws ApiError 50351, 20001 for a conversation or service that is not valid */
export function conversationPath({ ConversationSid, ServiceSid }: ConversationKey): string {
  const conversation = encodeURIComponent(validateConversationSid(ConversationSid));
  const service = ServiceSid === undefined ? '' : `/Services/${validateServiceSid(ServiceSid)}`;
  return `/v1${service}/Conversations/${conversation}`;
}

function createOptions(
  { target, ...settings }: WebhookConfig & Pick<WebhookListInstanceCreateOptions, 'target'>,
  replayAfter: number | undefined,
): WebhookListInstanceCreateOptions {
  return {
    target,
    ...updateOptions(settings),
    ...(replayAfter !== undefined && { 'configuration.replayAfter': replayAfter }),
  };
}

function updateOptions({
  url,
  method,
  filters,
  triggers,
  flowSid,
}: WebhookConfig): WebhookContextUpdateOptions {
  return {
    ...(url !== undefined && { 'configuration.url': url }),
    ...(method && { 'configuration.method': method }),
    ...(filters && { 'configuration.filters': [...filters] }),
    ...(triggers && { 'configuration.triggers': [...triggers] }),
    ...(flowSid !== undefined && { 'configuration.flowSid': flowSid }),
  };
}

/** As the API has them: `Configuration.ReplayAfter`, and a name for each item of an array. */
function toForm(options: object): [string, string][] {
  return Object.entries(options).flatMap(([name, value]) =>
    [value]
      .flat()
      .map((item): [string, string] => [
        name.replace(/(?:^|\.)[a-z]/g, (letter) => letter.toUpperCase()),
        `${item}`,
      ]),
  );
}

function toFields(body: unknown): ConversationFields {
  const { attributes, friendly_name, unique_name, state } = fieldsOf(body);
  if (
    typeof attributes !== 'string' ||
    typeof state !== 'string' ||
    ![friendly_name, unique_name].every(isStringOrNone)
  )
    throw unexpectedResponse();
  return {
    Attributes: attributes,
    ...(typeof friendly_name === 'string' && { FriendlyName: friendly_name }),
    ...(typeof unique_name === 'string' && { UniqueName: unique_name }),
    State: state,
  };
}

function isStringOrNone(value: unknown): boolean {
  return typeof (value ?? '') === 'string';
}

/** Undefined for a page without messages. */
function firstIndex(page: unknown): number | undefined {
  const { messages } = fieldsOf(page);
  if (!Array.isArray(messages)) throw unexpectedResponse();
  if (messages.length === 0) return undefined;
  const { index } = fieldsOf(messages[0]);
  if (typeof index !== 'number') throw unexpectedResponse();
  return index;
}

function toWebhook(body: unknown, chatServiceSid: string | undefined): Webhook {
  const { sid, target, configuration, ...rest } = fieldsOf(body);
  if (typeof sid !== 'string' || typeof target !== 'string' || !isConfiguration(configuration))
    throw unexpectedResponse();
  // The rest is shown, and not relied on.
  const { account_sid, conversation_sid, url, date_created, date_updated } = rest as unknown as Webhook;
  return {
    sid,
    account_sid,
    conversation_sid,
    ...(chatServiceSid && { chat_service_sid: chatServiceSid }),
    target: target as Webhook['target'],
    url,
    configuration,
    date_created: toIsoSeconds(date_created),
    date_updated: toIsoSeconds(date_updated),
  };
}

// The types of what is compared later. A value that Twilio does not have may be null.
function isConfiguration(value: unknown): value is Configuration {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { url, method, flow_sid, filters, triggers } = value as Partial<Record<string, unknown>>;
  return (
    [url, method, flow_sid].every(isStringOrNone) &&
    [filters, triggers].every((value) => Array.isArray(value ?? []))
  );
}

function unixSeconds(date: string | undefined): number {
  return Math.floor((Date.parse(date ?? '') || Date.now()) / 1000);
}

// What is not a date stays as it is.
function toIsoSeconds(text: string): string {
  const date = new Date(typeof text === 'string' ? text : Number.NaN);
  return Number.isNaN(date.getTime()) ? text : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
