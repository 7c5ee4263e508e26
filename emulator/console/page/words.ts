// Everything that the page says about what it was given.
import type {
  Conversation,
  Delivery,
  Execution,
  Message,
  Name,
  Participant,
  RecordedEvent,
  Summary,
  Webhook,
} from './types';

export const clockTime = (time: string | number) => new Date(time).toLocaleTimeString('en-GB');

/** The name of a conversation: what somebody called it, or who writes in it. */
export function titleOf({ conversation, participants }: Summary): string {
  const { friendly_name, unique_name, sid } = conversation;
  const customer = participants.find(({ messaging_binding }) => messaging_binding !== null);
  return friendly_name ?? unique_name ?? (customer && nameOf(customer)) ?? shortSid(sid);
}

export const nameOf = ({ identity, messaging_binding, sid }: Participant): string =>
  identity ?? messaging_binding?.address ?? shortSid(sid);

export function channelOf({ messaging_binding }: Participant): string {
  if (messaging_binding === null) return 'chat';
  return messaging_binding.type === 'sms' ? 'SMS' : 'WhatsApp';
}

export const shortSid = (sid: string) => `${sid.slice(0, 2)}…${sid.slice(-4)}`;

export const stateWord = ({ state }: Conversation) => (state === 'inactive' ? 'parked' : state);

/** Who wrote a message: the customer by phone, an agent by chat, or a program over the API. */
export function roleOf({ source }: Message): 'customer' | 'agent' | 'program' {
  if (source === 'API') return 'program';
  return source === 'SDK' ? 'agent' : 'customer';
}

const SOURCES = { API: 'REST API', SDK: 'chat', SMS: 'SMS', whatsapp: 'WhatsApp' } as const;
export const sourceOf = ({ source }: Message) => SOURCES[source];

/** The profile that a conversation's router names in its URL, as it is written there. */
export function profileOf(webhooks: readonly Webhook[]): string | undefined {
  const profiles = webhooks.map(
    ({ configuration: { url } }) => url && new URL(url).searchParams.get('Profile'),
  );
  return profiles.find((profile) => typeof profile === 'string') ?? undefined;
}

/** A webhook by its name in the policy, or by what it calls. */
export function webhookName(
  {
    webhook_sid,
    level,
    url,
    flow_sid,
  }: Pick<RecordedEvent['webhooks'][number], 'webhook_sid' | 'level' | 'url' | 'flow_sid'>,
  names: ReadonlyMap<string, Name>,
): string {
  if (level !== 'scoped') return `${level} webhook`;
  const name = names.get(webhook_sid ?? '')?.policy_name;
  if (name !== undefined && name !== null) return name;
  if (flow_sid !== null) return `flow ${shortSid(flow_sid)}`;
  return url === null ? 'webhook' : shortUrl(url);
}

/** Without the scheme and the query. */
export function shortUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const { host, pathname } = new URL(text);
  return host + (pathname === '/' ? '' : pathname);
}

const REASONS: Record<NonNullable<RecordedEvent['reason']>, string> = {
  filters: 'not in its filters',
  pre_event: 'pre-events only',
  keyword: 'no keyword in the body',
  keyword_case: 'keyword in another letter case',
  shadowed: 'shadowed by the service',
  not_enabled: 'not enabled',
  no_webhook: 'no webhook',
  closed: 'the conversation is closed',
};

/** Why a webhook did not get an event, in a few words; the emulator has a sentence, too. */
export const reasonWords = (reason: NonNullable<RecordedEvent['reason']>) => REASONS[reason];

/** What came of a delivery, in a few words. */
export function outcomeOf({ outcome, status, duration, error, execution_sid }: Delivery): string {
  const ms = duration === null ? '' : ` · ${duration} ms`;
  if (outcome === 'answered') return `${status}${ms}`;
  if (outcome === 'studio')
    return execution_sid === null ? 'to Studio' : `execution ${shortSid(execution_sid)}`;
  if (outcome === 'blocked') return 'not sent: outside this machine';
  if (outcome === 'timeout') return `timeout${ms}`;
  if (outcome === 'refused') return error ?? 'refused';
  return 'under way';
}

export const succeeded = ({ outcome, status }: Delivery) =>
  outcome === 'studio' || (outcome === 'answered' && status !== null && status < 400);

/** When and why an execution ended; empty while it is active. */
export function endOf({ status, ended_reason, date_updated }: Execution): string {
  return status === 'active' ? '' : `ended ${clockTime(date_updated)}: ${ended_reason}`;
}

/** What an event is about, beside its type. */
export function subjectOf({ message_index, params, replay }: RecordedEvent): string {
  if (message_index !== null) return replay ? `replay of ${message_index}` : `message ${message_index}`;
  if (params.StateTo !== undefined) return `${params.StateFrom} → ${params.StateTo}`;
  return params.Identity ?? params['MessagingBinding.Address'] ?? '';
}
