import type { Actor } from '../actions/actor';
import { findParticipant } from '../actions/participants';
import type { World } from '../context';
import { isSid } from '../state/sids';
import {
  type Conversation,
  findConversation,
  type Message,
  type Participant,
  type Service,
  type Webhook,
} from '../state/store';
import { DEFAULT_SERVICE_SID } from '../twilio/account';
import { type Code, refuse } from '../twilio/errors';
import type { Form } from './params';

/** One API request, with nothing of HTTP left in it. */
export interface Call {
  world: World;
  actor: Actor;
  form: Form;
  query: URLSearchParams;
  /** `http://127.0.0.1:4010`, as the client calls us. */
  origin: string;
  /** The request's path after `/v1`. */
  path: string;
  /** The parts of the path, by their names in Twilio's specification. */
  parts: { [name: string]: string };
}

export interface Answer {
  status: 200 | 201 | 204;
  body?: unknown;
}

export type Operation = (call: Call) => Answer;

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const gone: Answer = { status: 204 };

/** Which of the two path families was used: that decides URLs and whether `chat_service_sid` is shown. */
export interface Place {
  service: Service;
  scoped: boolean;
  /** `http://127.0.0.1:4010/v1` or `http://127.0.0.1:4010/v1/Services/IS…` */
  root: string;
}

export function placeOf(call: Call): Place {
  const sid = call.parts.ChatServiceSid;
  const service = call.world.store.services.get(sid ?? DEFAULT_SERVICE_SID) ?? missing(call);
  const root = sid === undefined ? `${call.origin}/v1` : `${call.origin}/v1/Services/${service.sid}`;
  return { service, scoped: sid !== undefined, root };
}

export function conversationOf(call: Call, part = 'ConversationSid'): Conversation {
  return findConversation(placeOf(call).service, call.parts[part] ?? '') ?? missing(call, 50350);
}

export function messageOf(call: Call, conversation: Conversation): Message {
  return conversation.messages.get(call.parts.Sid ?? '') ?? missing(call, 50500);
}

export function participantOf(call: Call, conversation: Conversation): Participant {
  return findParticipant(conversation, call.parts.Sid ?? '') ?? missing(call, 50432);
}

export function webhookOf(call: Call, conversation: Conversation): Webhook {
  const sid = call.parts.Sid ?? '';
  return conversation.webhooks.get(sid) ?? missing(call, isSid('WH', sid) ? 50360 : 50363);
}

/** What is not there: Twilio's general answer, or the one of this resource. */
export function missing(call: Call, specific?: Code): never {
  if (specific !== undefined && call.world.options.notFoundCode === 'specific') refuse(specific);
  return refuse(20404, `The requested resource ${call.path} was not found`);
}
