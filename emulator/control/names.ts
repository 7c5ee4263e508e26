import type { EmulatorContext } from '../context';
import { isLoopback } from '../delivery/post';
import { signParams } from '../delivery/sign';
import type { Conversation } from '../state/records';
import { AUTH_TOKEN, DEFAULT_SERVICE_SID } from '../twilio/account';

const EVENTS_PATH = '/events/conversation';
const LIST_PATH = '/webhooks/list';
const TIMEOUT_MS = 5_000;

export interface Names {
  /** Their origin; null: there are none, or they did not return a list. */
  functions: string | null;
  webhooks: { sid: string; policy_name?: string | null; router?: object }[];
}

/** Asks the functions what the policy knows of a conversation's webhooks, in a signed request as Twilio's. */
export async function namesOf(context: EmulatorContext, conversation: Conversation): Promise<Names> {
  const origin = functionsOrigin(context, conversation);
  if (origin === undefined) return { functions: null, webhooks: [] };
  const { sid, service } = conversation;
  const scope = service.sid === DEFAULT_SERVICE_SID ? {} : { ServiceSid: service.sid };
  const signed = signParams(AUTH_TOKEN, 'POST', origin + LIST_PATH, { ConversationSid: sid, ...scope });
  try {
    const response = await fetch(signed.url, {
      method: 'POST',
      body: signed.body,
      headers: { 'Content-Type': signed.contentType, 'X-Twilio-Signature': signed.signature },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { webhooks } = (await response.json()) as Partial<Names>;
    if (Array.isArray(webhooks)) return { functions: origin, webhooks };
  } catch {
    // Another server, or none: the page shows the webhooks as they are.
  }
  return { functions: null, webhooks: [] };
}

/** Where the webhooks of account, service and conversation send events to the functions. */
function functionsOrigin(
  { store, settings }: EmulatorContext,
  conversation: Conversation,
): string | undefined {
  const scoped = [...conversation.webhooks.values()].map(({ configuration }) => configuration.url);
  const urls = [store.settings.postWebhookUrl, conversation.service.settings.postWebhookUrl, ...scoped];
  return urls
    .flatMap((text) => (text !== null && URL.canParse(text) ? new URL(text) : []))
    .find((url) => url.pathname === EVENTS_PATH && (settings.allowRemote === true || isLoopback(url.href)))
    ?.origin;
}
