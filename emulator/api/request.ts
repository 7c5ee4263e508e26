import { findParticipant } from '../actions/participants';
import type { EmulatorContext } from '../context';
import type { Actor } from '../delivery/actor';
import type { Conversation, Message, Participant, Service, Webhook } from '../state/records';
import { isSid } from '../state/sids';
import { findConversation } from '../state/store';
import { DEFAULT_SERVICE_SID } from '../twilio/account';
import { type Code, refuse } from '../twilio/errors';
import type { Params } from './params';

/** One API request, without its HTTP details. */
export interface ApiRequest {
  context: EmulatorContext;
  actor: Actor;
  params: Params;
  query: URLSearchParams;
  /** Where the client sent it: `http://127.0.0.1:4010`. */
  origin: string;
  /** `v1` or `v2`. */
  version: string;
  /** The request's path after its version. */
  path: string;
  /** The parts of the path, by their names in Twilio's specification. */
  pathParams: { [name: string]: string };
}

export interface ApiResponse {
  status: 200 | 201 | 204;
  body?: unknown;
}

export type Operation = (request: ApiRequest) => ApiResponse;

export const ok = (body: unknown): ApiResponse => ({ status: 200, body });
export const created = (body: unknown): ApiResponse => ({ status: 201, body });
export const noContent: ApiResponse = { status: 204 };

/** Whether the path names a service, which decides the URLs and whether `chat_service_sid` is shown. */
export interface Scope {
  service: Service;
  scoped: boolean;
  /** `http://127.0.0.1:4010/v1` or `http://127.0.0.1:4010/v1/Services/IS…` */
  root: string;
}

export function scopeOf(request: ApiRequest): Scope {
  const sid = request.pathParams.ChatServiceSid;
  const service = request.context.store.services.get(sid ?? DEFAULT_SERVICE_SID) ?? notFound(request);
  const root = sid === undefined ? `${request.origin}/v1` : `${request.origin}/v1/Services/${service.sid}`;
  return { service, scoped: sid !== undefined, root };
}

export function conversationOf(request: ApiRequest, part = 'ConversationSid'): Conversation {
  return (
    findConversation(scopeOf(request).service, request.pathParams[part] ?? '') ?? notFound(request, 50350)
  );
}

export function messageOf(request: ApiRequest, conversation: Conversation): Message {
  return conversation.messages.get(request.pathParams.Sid ?? '') ?? notFound(request, 50500);
}

export function participantOf(request: ApiRequest, conversation: Conversation): Participant {
  return findParticipant(conversation, request.pathParams.Sid ?? '') ?? notFound(request, 50432);
}

export function webhookOf(request: ApiRequest, conversation: Conversation): Webhook {
  const sid = request.pathParams.Sid ?? '';
  return conversation.webhooks.get(sid) ?? notFound(request, isSid('WH', sid) ? 50360 : 50363);
}

/** Twilio's general error, or the one of this resource. */
export function notFound(request: ApiRequest, specific?: Code): never {
  if (specific !== undefined && request.context.options.notFoundCode === 'specific') refuse(specific);
  return refuse(20404, `The requested resource ${request.path} was not found`);
}
