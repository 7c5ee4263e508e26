import type { Client } from 'twilio/lib/base/BaseTwilio';
import Domain from 'twilio/lib/base/Domain';
import Version from 'twilio/lib/base/Version';
import type V1 from 'twilio/lib/rest/conversations/V1';
import {
  type WebhookInstance,
  WebhookListInstance,
  type WebhookListInstanceCreateOptions,
} from 'twilio/lib/rest/conversations/v1/conversation/webhook';
import { ApiError } from '../lib/api-error';
import type { Environment } from '../lib/environment';
import { MAX_WEBHOOKS } from '../lib/limits';
import { validateConversationSid, validateServiceSid } from '../lib/sids';
import type { Conversation } from '../webhooks/conversation';
import type { WebhookConfig } from '../webhooks/settings';
import type { Configuration, Webhook } from '../webhooks/webhook';
import { readCredentials } from './credentials';
import { InternalError, throwApiError, unexpectedResponse } from './errors';
import { retryLimits } from './retry';
import { type SendOptions, send } from './transport';

/** The function call that needs the API; counts API calls, and how many of them were retries. */
interface CallContext {
  readonly env: Environment;
  readonly deadline: number;
  calls: number;
  retries: number;
}

/**
 * The conversation of a function call. It uses the helper library's resource classes on our own transport, because loading
 * the whole library takes longer than Twilio waits for a webhook.
 * @throws ApiError 50351, 20001 for a conversation or service that is not valid; 20003 without credentials
 */
export function createConversation(
  { ConversationSid, ServiceSid }: { ConversationSid?: string | undefined; ServiceSid?: string | undefined },
  caller: CallContext,
): Conversation {
  const conversationSid = encodeURIComponent(validateConversationSid(ConversationSid));
  const chatServiceSid = ServiceSid === undefined ? undefined : validateServiceSid(ServiceSid);
  const sending: SendOptions = {
    credentials: readCredentials(caller.env),
    limits: retryLimits(caller.env),
    deadline: caller.deadline,
    onAttempt: (retries) => {
      caller.calls += 1;
      if (retries > 0) caller.retries += 1;
    },
  };
  let date: string | undefined;
  // The library passes on only what it knows. The calls of a conversation come one after the other.
  let sendBefore: number | undefined;
  const client = {
    request: async (options: Parameters<typeof send>[0]) => {
      const response = await send(options, { ...sending, sendBefore }).catch((error) => {
        throw error instanceof ApiError ? error : new InternalError(error);
      });
      date = response.headers.date;
      return response;
    },
  };
  // The library's types demand a whole client and a whole V1; its classes use `request` alone.
  const domain = new Domain(client as unknown as Client, sending.credentials.baseUrl);
  const version = new Version(domain, chatServiceSid ? `v1/Services/${chatServiceSid}` : 'v1');
  const webhooks = WebhookListInstance(version as V1, conversationSid);
  const resource = (instance: WebhookInstance) => toWebhook(instance, chatServiceSid);
  const write = <T>(before: number | undefined, request: () => Promise<T>): Promise<T> => {
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
      write(before, () =>
        webhooks.create({
          target,
          ...options(configured),
          ...(replayAfter !== undefined && { 'configuration.replayAfter': replayAfter }),
        }),
      ).then(resource, throwApiError),
    update: (sid, configured, before) =>
      write(before, () => webhooks(sid).update(options(configured))).then(resource, throwApiError),
    remove: (sid, before) =>
      write(before, () => webhooks(sid).remove()).catch(
        (error) => error?.status !== 404 && throwApiError(error),
      ),
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
    [url, method, flow_sid].every((value) => typeof (value ?? '') === 'string') &&
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
