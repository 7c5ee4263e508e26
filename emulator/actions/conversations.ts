import { type EmulatorContext, newRecord } from '../context';
import type { Actor } from '../delivery/actor';
import { dispatch } from '../delivery/dispatch';
import { createEvent } from '../delivery/event';
import {
  conversationAdded,
  conversationFields,
  conversationRemoved,
  type Fields,
  stateUpdated,
} from '../delivery/payload';
import { recordEvent } from '../delivery/record';
import { OrderedMap } from '../state/ordered-map';
import type { Binding, Conversation, Service, State } from '../state/records';
import { refuse } from '../twilio/errors';
import type { EventType } from '../twilio/event-types';

/** What a request may set; what is left out does not change. */
export interface ConversationChange {
  friendlyName?: string;
  uniqueName?: string | null;
  attributes?: string;
  messagingServiceSid?: string;
  dateInactive?: number | null;
  dateClosed?: number | null;
  dateCreated?: number;
  dateUpdated?: number;
}

export interface NewConversation extends ConversationChange {
  messagingServiceSid: string;
  state: State;
  /** The addresses of the message that created it, if one did. */
  binding?: Binding;
  /** Set for the seeded conversation only. */
  sid?: string;
}

export function addConversation(
  context: EmulatorContext,
  service: Service,
  wanted: NewConversation,
  actor: Actor,
): Conversation {
  claimName(context, service, wanted.uniqueName ?? null);
  const { dateCreated: created, dateUpdated: updated, sid, binding, ...fields } = wanted;
  const record = newRecord(context, 'CH', { created, updated });
  const conversation: Conversation = {
    ...record,
    sid: sid ?? record.sid,
    service,
    friendlyName: null,
    uniqueName: null,
    attributes: '{}',
    dateInactive: null,
    dateClosed: null,
    nextIndex: 0,
    participants: new Map(),
    messages: new OrderedMap(),
    webhooks: new Map(),
    ...fields,
  };
  service.conversations.add(conversation);
  context.store.conversations.set(conversation.sid, conversation);
  if (conversation.uniqueName !== null) service.byUniqueName.set(conversation.uniqueName, conversation);
  context.changes.emit({ type: 'conversation', conversation });
  dispatch(context, conversation, 'onConversationAdded', conversationAdded(conversation, binding), actor);
  return conversation;
}

export function updateConversation(
  context: EmulatorContext,
  conversation: Conversation,
  change: ConversationChange,
  actor: Actor,
): void {
  if (Object.keys(change).length === 0) return;
  const { service, uniqueName: before } = conversation;
  if (change.uniqueName !== undefined && change.uniqueName !== before) {
    claimName(context, service, change.uniqueName);
    if (before !== null) service.byUniqueName.delete(before);
    if (change.uniqueName !== null) service.byUniqueName.set(change.uniqueName, conversation);
  }
  Object.assign(conversation, { dateUpdated: context.clock.now() }, change);
  context.changes.emit({ type: 'conversation', conversation });
  dispatch(context, conversation, 'onConversationUpdated', conversationFields(conversation), actor);
}

export function updateState(
  context: EmulatorContext,
  conversation: Conversation,
  state: State,
  reason: 'API' | 'TIMER' | 'EVENT',
  actor: Actor,
): void {
  const from = conversation.state;
  if (from === state) return;
  const at = context.clock.now();
  Object.assign(conversation, { state, dateUpdated: at });
  context.changes.emit({ type: 'conversation', conversation });
  dispatch(
    context,
    conversation,
    'onConversationStateUpdated',
    stateUpdated(conversation, { from, reason, at }),
    actor,
  );
}

export function removeConversation(context: EmulatorContext, conversation: Conversation, actor: Actor): void {
  const fields = conversationRemoved(conversation, context.clock.now());
  dispatch(context, conversation, 'onConversationRemoved', fields, actor);
  forgetConversation(context, conversation);
}

/** Without an event. */
export function forgetConversation(context: EmulatorContext, conversation: Conversation): void {
  const { service, uniqueName, sid } = conversation;
  context.studio.abandon(sid);
  service.conversations.delete(sid);
  context.store.conversations.delete(sid);
  if (uniqueName !== null) service.byUniqueName.delete(uniqueName);
  context.changes.emit({ type: 'conversation_removed', conversation });
}

/** A closed conversation cannot change, nor can anything in it. The event that does not happen is recorded, with what it is about. */
export function refuseClosed(
  context: EmulatorContext,
  conversation: Conversation,
  type: EventType,
  actor: Actor,
  about: Fields = {},
): void {
  if (conversation.state !== 'closed') return;
  const fields = { ConversationSid: conversation.sid, ...about };
  const event = createEvent(context, conversation, type, fields, actor);
  recordEvent(context, event, [], { whyNot: CLOSED });
  refuse(50377);
}

const CLOSED = { reason: 'closed', message: 'The conversation is closed, and refused it (50377).' } as const;

function claimName(context: EmulatorContext, service: Service, name: string | null): void {
  if (name === null || !service.byUniqueName.has(name)) return;
  refuse(
    50353,
    `Conversation with provided unique name already exists: ${name}`,
    context.options.uniqueNameStatus,
  );
}
