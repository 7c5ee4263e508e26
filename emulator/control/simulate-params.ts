import type { Context } from 'hono';
import type { NewMessage } from '../actions/messages';
import { findByName, type NewParticipant } from '../actions/participants';
import { statuses } from '../actions/receipts';
import { readParamsOrJson } from '../api/body';
import type { Params } from '../api/params';
import { readBindingPair } from '../api/resources/participant-params';
import { type Actor, channelActor, sdkActor } from '../delivery/actor';
import type { Binding, Conversation, Media, Message, Participant, Receipt } from '../state/records';
import { refuse } from '../twilio/errors';

const ADDRESSES = [
  'From',
  'To',
  'Author',
  'MessagingBinding.Address',
  'MessagingBinding.ProxyAddress',
  'MessagingBinding.ProjectedAddress',
];

/** The parameters of a request. A form of `curl -d` is not URL-encoded: the plus of a phone number arrives as a space. */
export const readPhones = async (c: Context): Promise<Params> =>
  (await readParamsOrJson(c)).change(ADDRESSES, (address) => address.replace(/^(whatsapp:)? (?=\d)/, '$1+'));

/** A message from a phone to one of our numbers; the conversation follows from the two. */
export function readInboundMessage(params: Params): { binding: Binding; message: NewMessage; actor: Actor } {
  const source =
    params.string('Source') ?? (params.string('From')?.startsWith('whatsapp:') ? 'whatsapp' : 'SMS');
  if (source !== 'SMS' && source !== 'whatsapp') {
    return refuse(20001, `Source must be SMS or whatsapp, not "${source}"`);
  }
  const at = (name: string) =>
    params.string(name)?.replace(/^(?=\+)/, source === 'whatsapp' ? 'whatsapp:' : '') ??
    refuse(20001, `Missing required parameter ${name} in the post body`);
  const binding = readBindingPair(at('From'), at('To'));
  if (binding.type !== source.toLowerCase())
    refuse(20001, `Source ${source} does not fit the address ${binding.address}`);
  const message = { author: at('From'), ...readContent(params) };
  return { binding, message, actor: channelActor(source) };
}

/** A message from a participant, by phone or by chat client. */
export function readParticipantMessage(
  params: Params,
  conversation: Conversation,
): { message: NewMessage; actor: Actor } {
  const source = params.string('Source') ?? 'SMS';
  if (source !== 'SMS' && source !== 'whatsapp' && source !== 'SDK') {
    return refuse(20001, `Source must be SMS, whatsapp or SDK, not "${source}"`);
  }
  const content = readContent(params);
  const author = params.string('Author') ?? defaultAuthor(source, conversation);
  if (findByName(conversation, author) === undefined) {
    refuse(
      50430,
      `Author ${author} is not a participant of ${conversation.sid}; omit Author to use the first that can send by ${source}`,
    );
  }
  const actor = source === 'SDK' ? sdkActor(author) : channelActor(source);
  return { message: { author, ...content }, actor };
}

function readContent(params: Params): Omit<NewMessage, 'author'> {
  const media = readMedia(params);
  const body = params.string('Body') ?? (media.length > 0 ? null : refuse(50503));
  return { body, media, attributes: params.json('Attributes', 4 * 1024) ?? '{}', contentSid: null };
}

/** A participant who joins by chat client is the actor; one who joins by phone has a channel as Source. */
export function joiningActor({ identity, binding }: NewParticipant): Actor {
  if (identity !== null) return sdkActor(identity);
  return channelActor(binding?.type === 'whatsapp' ? 'whatsapp' : 'SMS');
}

interface ReceiptReport {
  message: Message;
  participant: Participant;
  report: Pick<Receipt, 'status' | 'errorCode'>;
}

export function readReceiptReport(params: Params, conversation: Conversation): ReceiptReport {
  const message = conversation.messages.get(params.string('MessageSid') ?? '') ?? refuse(50500);
  const status = params.oneOf('Status', statuses);
  const sid = params.string('ParticipantSid');
  const participants = [...conversation.participants.values()];
  const participant =
    participants.find((candidate) =>
      sid === undefined ? candidate.binding !== null : candidate.sid === sid,
    ) ?? refuse(50432);
  return { message, participant, report: { status, errorCode: params.integer('ErrorCode', 20001) ?? null } };
}

function defaultAuthor(source: 'SMS' | 'whatsapp' | 'SDK', { participants, sid }: Conversation): string {
  for (const { identity, binding } of participants.values()) {
    if (source === 'SDK' && identity !== null) return identity;
    if (source !== 'SDK' && binding?.type === source.toLowerCase() && binding.address !== null)
      return binding.address;
  }
  return refuse(
    50430,
    `${sid} has no participant that can send by ${source}; add one with POST /_emulator/conversations/${sid}/participants`,
  );
}

// As deliveries have it: [{"Sid":"ME…","Filename":"x.jpg","ContentType":"image/jpeg","Size":1}]
function readMedia(params: Params): Media[] {
  return (params.array('Media') ?? []).flatMap((text) => {
    const value: unknown = parse(text);
    return (Array.isArray(value) ? value : [value]).map(toMedia);
  });
}

function toMedia(value: unknown): Media {
  const { Sid, Filename, ContentType, Size } = Object(value) as { [name: string]: unknown };
  if (typeof Sid !== 'string' || typeof ContentType !== 'string') {
    return refuse(
      20001,
      'Media must be JSON such as [{"Sid":"ME…","Filename":"x.jpg","ContentType":"image/jpeg","Size":1}]',
    );
  }
  const filename = typeof Filename === 'string' ? Filename : null;
  return { sid: Sid, filename, contentType: ContentType, size: Number.isFinite(Size) ? Number(Size) : 0 };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
