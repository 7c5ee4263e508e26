import type { Options } from '../state/options';
import type { Conversation, Service, Target, Webhook, WebhookSettings } from '../state/store';
import type { EventType, Params } from '../twilio/event-types';

/** Somebody who gets this event: where, and in whose name. A copy, so that later changes do not touch it. */
export interface Listener {
  level: 'scoped' | 'service' | 'account';
  webhookSid: string | null;
  target: Target;
  url: string | null;
  method: 'GET' | 'POST';
  flowSid: string | null;
}

export interface Occasion {
  type: EventType;
  params: Params;
  options: Options;
}

/** Scoped webhooks and the service's or account's: each is independent of the others. */
export function listeners(
  conversation: Conversation,
  account: WebhookSettings,
  occasion: Occasion,
): Listener[] {
  const scoped = [...conversation.webhooks.values()].filter((webhook) => wants(webhook, occasion));
  return [
    ...scoped.map((webhook) => listenerOf(webhook, occasion.options)),
    ...unscoped(conversation.service, account, occasion),
  ];
}

export function wants({ target, configuration }: Webhook, { type, params, options }: Occasion): boolean {
  if (target === 'trigger')
    return type === 'onMessageAdded' && says(params.Body, configuration.triggers, options);
  return (configuration.filters ?? ['onMessageAdded']).includes(type);
}

export function listenerOf({ sid, target, configuration }: Webhook, options: Options): Listener {
  const { url, flowSid, method } = configuration;
  return {
    level: 'scoped',
    webhookSid: sid,
    target,
    url,
    flowSid,
    method: verb(method ?? options.defaultMethod),
  };
}

// A keyword counts when it is present in the body: documented for the Chat API that this one grew out of.
function says(body = '', triggers: string[] | null, options: Options): boolean {
  const fold = (text: string) => (options.triggerCase === 'insensitive' ? text.toLowerCase() : text);
  return (triggers ?? []).some((trigger) => fold(body).includes(fold(trigger)));
}

function unscoped(service: Service, account: WebhookSettings, { type, options }: Occasion): Listener[] {
  const shadowed = service.settings.postWebhookUrl !== null && options.accountWebhook === 'shadowed';
  const levels = shadowed ? (['service'] as const) : (['service', 'account'] as const);
  return levels.flatMap((level) => {
    const { postWebhookUrl: url, filters, method } = level === 'service' ? service.settings : account;
    if (url === null || !filters?.includes(type)) return [];
    return [
      { level, webhookSid: null, target: 'webhook', url, flowSid: null, method: verb(method ?? 'POST') },
    ];
  });
}

const verb = (method: string) => (method.toUpperCase() === 'GET' ? 'GET' : 'POST');
