import type { Options } from '../state/options';
import type { Service, Target, Webhook, WebhookSettings } from '../state/records';
import type { EventType } from '../twilio/event-types';
import type { ConversationEvent } from './event';

/** A webhook that gets an event. A copy, so that later changes do not affect the delivery. */
export interface Subscriber {
  level: 'scoped' | 'service' | 'account';
  webhookSid: string | null;
  target: Target;
  url: string | null;
  method: 'GET' | 'POST';
  flowSid: string | null;
}

/** The conversation's own webhooks, and those of its service and of the account. */
export function subscribersOf(
  event: ConversationEvent,
  account: WebhookSettings,
  options: Options,
): Subscriber[] {
  const { webhooks, service } = event.conversation;
  return [
    ...[...webhooks.values()]
      .filter((webhook) => isSubscribed(webhook, event, options))
      .map((webhook) => toSubscriber(webhook, options)),
    ...serviceAndAccount(event.type, service, account, options),
  ];
}

export function isSubscribed(
  { target, configuration }: Webhook,
  { type, params }: ConversationEvent,
  options: Options,
): boolean {
  if (target === 'trigger') {
    return type === 'onMessageAdded' && matchesTrigger(params.Body, configuration.triggers, options);
  }
  return (configuration.filters ?? ['onMessageAdded']).includes(type);
}

export function toSubscriber({ sid, target, configuration }: Webhook, options: Options): Subscriber {
  const { url, flowSid, method } = configuration;
  return {
    level: 'scoped',
    webhookSid: sid,
    target,
    url,
    flowSid,
    method: httpMethod(method ?? options.defaultMethod),
  };
}

// Anywhere in the body: documented for Programmable Chat, from which Conversations comes.
function matchesTrigger(body = '', triggers: string[] | null, options: Options): boolean {
  const fold = (text: string) => (options.triggerCase === 'insensitive' ? text.toLowerCase() : text);
  return (triggers ?? []).some((trigger) => fold(body).includes(fold(trigger)));
}

function serviceAndAccount(
  type: EventType,
  service: Service,
  account: WebhookSettings,
  options: Options,
): Subscriber[] {
  const shadowed = service.settings.postWebhookUrl !== null && options.accountWebhook === 'shadowed';
  const levels = shadowed ? (['service'] as const) : (['service', 'account'] as const);
  return levels.flatMap((level) => {
    const { postWebhookUrl: url, filters, method } = level === 'service' ? service.settings : account;
    if (url === null || !filters?.includes(type)) return [];
    return [
      {
        level,
        webhookSid: null,
        target: 'webhook',
        url,
        flowSid: null,
        method: httpMethod(method ?? 'POST'),
      },
    ];
  });
}

const httpMethod = (method: string) => (method.toUpperCase() === 'GET' ? 'GET' : 'POST');
