import type V1 from 'twilio/lib/rest/conversations/V1';
import {
  type WebhookInstance,
  WebhookListInstance,
  type WebhookListInstanceCreateOptions,
} from 'twilio/lib/rest/conversations/v1/conversation/webhook';
import { MAX_WEBHOOKS } from '../lib/limits';
import { validateConversationSid, validateServiceSid } from '../lib/sids';
import type { Conversation, ConversationFields } from '../webhooks/conversation';
import type { WebhookConfig } from '../webhooks/settings';
import type { Configuration, Webhook } from '../webhooks/webhook';
import { type CallContext, createVersion } from './api';
import { throwApiError, unexpectedResponse } from './errors';

/** Which conversation: as a caller or an event names it. */
export interface ConversationKey {
  readonly ConversationSid?: string | undefined;
  readonly ServiceSid?: string | undefined;
}

/**
 * The conversation of a function call.
 * @throws ApiError 50351, 20001 for a conversation or service that is not valid; 20003 without credentials
 */
export function createConversation(
  { ConversationSid, ServiceSid }: ConversationKey,
  caller: CallContext,
): Conversation {
  const conversationSid = encodeURIComponent(validateConversationSid(ConversationSid));
  const chatServiceSid = ServiceSid === undefined ? undefined : validateServiceSid(ServiceSid);
  let date: string | undefined;
  // The library passes on only what it knows. The calls of a conversation come one after the other.
  let sendBefore: number | undefined;
  const version = createVersion(caller, 'conversations', versionPath(chatServiceSid), {
    sendBefore: () => sendBefore,
    onResponse: ({ headers }) => {
      date = headers.date;
    },
  });
  // The library's types demand a whole V1.
  const webhooks = WebhookListInstance(version as V1, conversationSid);
  const resource = (instance: WebhookInstance) => toWebhook(instance, chatServiceSid);
  const sendUntil = <T>(before: number | undefined, request: () => Promise<T>): Promise<T> => {
    sendBefore = before;
    return request().finally(() => {
      sendBefore = undefined;
    });
  };

  return {
    list: () =>
      webhooks
        .list({ pageSize: MAX_WEBHOOKS, limit: 5 * MAX_WEBHOOKS })
        .then((instances) => ({ webhooks: instances.map(resource), date: unixSeconds(date) }), throwApiError),
    fetch: (sid) => webhooks(sid).fetch().then(resource, throwApiError),
    create: ({ target, ...configured }, replayAfter, before) =>
      sendUntil(before, () =>
        webhooks.create({
          target,
          ...options(configured),
          ...(replayAfter !== undefined && { 'configuration.replayAfter': replayAfter }),
        }),
      ).then(resource, throwApiError),
    update: (sid, configured, before) =>
      sendUntil(before, () => webhooks(sid).update(options(configured))).then(resource, throwApiError),
    remove: (sid, before) =>
      sendUntil(before, () => webhooks(sid).remove()).catch(
        (error) => error?.status !== 404 && throwApiError(error),
      ),
    fetchFields: (before) =>
      sendUntil(before, () =>
        version.fetch({ uri: `/Conversations/${conversationSid}`, method: 'get' }),
      ).then(toFields, throwApiError),
    newestIndex: () =>
      version
        .fetch({
          uri: `/Conversations/${conversationSid}/Messages`,
          method: 'get',
          params: { Order: 'desc', PageSize: 1 },
        })
        .then(firstIndex, throwApiError),
  };
}

/** Where a service's conversations are; undefined for the default service. */
export function versionPath(chatServiceSid: string | undefined): string {
  return chatServiceSid ? `v1/Services/${chatServiceSid}` : 'v1';
}

function options({
  url,
  method,
  filters,
  triggers,
  flowSid,
}: WebhookConfig): Omit<WebhookListInstanceCreateOptions, 'target'> {
  return {
    ...(url !== undefined && { 'configuration.url': url }),
    ...(method && { 'configuration.method': method }),
    ...(filters && { 'configuration.filters': [...filters] }),
    ...(triggers && { 'configuration.triggers': [...triggers] }),
    ...(flowSid !== undefined && { 'configuration.flowSid': flowSid }),
  };
}

function toFields(resource: Readonly<Record<string, unknown>> | null): ConversationFields {
  const { attributes, friendly_name, unique_name, state } = resource ?? {};
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
function firstIndex(page: { messages?: unknown } | null): number | undefined {
  const messages = page?.messages;
  if (!Array.isArray(messages)) throw unexpectedResponse();
  if (messages.length === 0) return undefined;
  const index = messages[0]?.index;
  if (typeof index !== 'number') throw unexpectedResponse();
  return index;
}

function toWebhook(instance: WebhookInstance, chatServiceSid: string | undefined): Webhook {
  const { sid, target, configuration } = instance;
  if (typeof sid !== 'string' || typeof target !== 'string' || !isConfiguration(configuration))
    throw unexpectedResponse();
  return {
    sid,
    account_sid: instance.accountSid,
    conversation_sid: instance.conversationSid,
    ...(chatServiceSid && { chat_service_sid: chatServiceSid }),
    target: target as Webhook['target'],
    url: instance.url,
    configuration,
    date_created: toIsoSeconds(instance.dateCreated),
    date_updated: toIsoSeconds(instance.dateUpdated),
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

// The library converts the API's dates to Date, and leaves what it cannot parse.
function toIsoSeconds(date: Date | string): string {
  return date instanceof Date ? date.toISOString().replace(/\.\d+Z$/, 'Z') : date;
}
