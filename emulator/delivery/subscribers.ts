import type { NotDelivered } from '../state/history';
import type { Options } from '../state/options';
import type { Service, Target, Webhook, WebhookSettings } from '../state/records';
import type { EventType } from '../twilio/event-types';
import type { ConversationEvent } from './event';
import { whyNotConfigured, whyNotScoped } from './why-not';

/** A webhook when an event happens. A copy, so that later changes do not affect the delivery. */
export interface Subscriber {
  level: 'scoped' | 'service' | 'account';
  webhookSid: string | null;
  target: Target;
  url: string | null;
  method: 'GET' | 'POST';
  flowSid: string | null;
  /** Why it does not get the event; null: it does. */
  whyNot: NotDelivered | null;
}

/** All webhooks that the event could reach: the conversation's own, and those of its service and of the account. */
export function subscribersOf(
  event: ConversationEvent,
  account: WebhookSettings,
  options: Options,
): Subscriber[] {
  const { webhooks, service } = event.conversation;
  return [
    ...[...webhooks.values()].map((webhook) => toSubscriber(webhook, event, options)),
    ...serviceAndAccount(event.type, service, account, options),
  ];
}

export function toSubscriber(webhook: Webhook, event: ConversationEvent, options: Options): Subscriber {
  const { sid, target, configuration } = webhook;
  const { url, flowSid, method } = configuration;
  return {
    level: 'scoped',
    webhookSid: sid,
    target,
    url,
    flowSid,
    method: httpMethod(method ?? options.defaultMethod),
    whyNot: whyNotScoped(webhook, event, options),
  };
}

function serviceAndAccount(
  type: EventType,
  service: Service,
  account: WebhookSettings,
  options: Options,
): Subscriber[] {
  const shadowed = service.settings.postWebhookUrl !== null && options.accountWebhook === 'shadowed';
  return (['service', 'account'] as const).flatMap((level) => {
    const settings = level === 'service' ? service.settings : account;
    const url = settings.postWebhookUrl ?? settings.preWebhookUrl;
    if (url === null) return [];
    const whyNot = whyNotConfigured(settings, type) ?? (shadowed && level === 'account' ? SHADOWED : null);
    const method = httpMethod(settings.method ?? 'POST');
    return [{ level, webhookSid: null, target: 'webhook', url, flowSid: null, method, whyNot }];
  });
}

const SHADOWED: NotDelivered = {
  reason: 'shadowed',
  message: 'The service has a webhook of its own, which takes the place of the account’s.',
};

const httpMethod = (method: string) => (method.toUpperCase() === 'GET' ? 'GET' : 'POST');
