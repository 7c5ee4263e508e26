import { quote } from '../error-text';
import type { NotDelivered } from '../state/history';
import type { Options } from '../state/options';
import type { Webhook, WebhookSettings } from '../state/records';
import type { EventType } from '../twilio/event-types';
import type { ConversationEvent } from './event';

/** Why a webhook of the conversation does not get the event; null: it does. */
export function whyNotScoped(
  { target, configuration }: Webhook,
  { type, params }: ConversationEvent,
  options: Options,
): NotDelivered | null {
  if (target !== 'trigger') return whyNotFiltered(configuration.filters ?? ['onMessageAdded'], type);
  if (type === 'onMessageAdded') return whyNotTriggered(params.Body, configuration.triggers ?? [], options);
  return { reason: 'filters', message: 'A trigger gets onMessageAdded only.' };
}

/** The same for the webhook of a service or of the account. */
export function whyNotConfigured(
  { postWebhookUrl, filters }: WebhookSettings,
  type: EventType,
): NotDelivered | null {
  const filtered = whyNotFiltered(filters ?? [], type);
  if (filtered !== null || postWebhookUrl !== null) return filtered;
  return { reason: 'pre_event', message: 'It has a PreWebhookUrl only; the emulator sends no pre-events.' };
}

function whyNotFiltered(filters: readonly string[], type: EventType): NotDelivered | null {
  if (filters.includes(type)) return null;
  // onMessageAdded comes after onMessageAdd.
  const preEvent = type.replace(/(?<=Add)ed$|(?<=Update|Remove)d$/, '');
  return filters.includes(preEvent)
    ? {
        reason: 'pre_event',
        message: `It filters ${preEvent}, a pre-event; the emulator sends ${type} only.`,
      }
    : { reason: 'filters', message: `${type} is not in its filters.` };
}

// Anywhere in the body: documented for Programmable Chat, from which Conversations comes.
function whyNotTriggered(
  body = '',
  keywords: readonly string[],
  { triggerCase }: Options,
): NotDelivered | null {
  if (keywords.some((keyword) => body.includes(keyword))) return null;
  const lower = body.toLowerCase();
  const inOtherCase = keywords.find((keyword) => lower.includes(keyword.toLowerCase()));
  if (inOtherCase === undefined) {
    return { reason: 'keyword', message: `The body has none of its keywords: ${keywords.join(', ')}.` };
  }
  if (triggerCase === 'insensitive') return null;
  return {
    reason: 'keyword_case',
    message: `The body has ${quote(inOtherCase)} in another letter case only.`,
  };
}
