import { born, type World } from '../context';
import { announce } from '../delivery/dispatch';
import {
  conversationAdded,
  conversationFields,
  conversationRemoved,
  stateUpdated,
} from '../delivery/payload';
import type { Binding, Conversation, Service, State } from '../state/store';
import { refuse } from '../twilio/errors';
import type { Actor } from './actor';

/** What a request may set; what is left out stays as it is. */
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
  /** Whose message created it, if one did. */
  binding?: Binding;
  /** Only seeding asks for a certain one. */
  sid?: string;
}

export function addConversation(
  world: World,
  service: Service,
  wanted: NewConversation,
  actor: Actor,
): Conversation {
  claimName(world, service, wanted.uniqueName ?? null);
  const { dateCreated: created, dateUpdated: updated, sid, binding, ...fields } = wanted;
  const record = born(world, 'CH', { created, updated });
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
    messages: new Map(),
    webhooks: new Map(),
    ...fields,
  };
  service.conversations.set(conversation.sid, conversation);
  world.store.conversations.set(conversation.sid, conversation);
  if (conversation.uniqueName !== null) service.names.set(conversation.uniqueName, conversation);
  announce(world, conversation, 'onConversationAdded', conversationAdded(conversation, binding), actor);
  return conversation;
}

export function changeConversation(
  world: World,
  conversation: Conversation,
  change: ConversationChange,
  actor: Actor,
): void {
  if (Object.keys(change).length === 0) return;
  const { service, uniqueName: before } = conversation;
  if (change.uniqueName !== undefined && change.uniqueName !== before) {
    claimName(world, service, change.uniqueName);
    if (before !== null) service.names.delete(before);
    if (change.uniqueName !== null) service.names.set(change.uniqueName, conversation);
  }
  Object.assign(conversation, { dateUpdated: world.clock.now() }, change);
  announce(world, conversation, 'onConversationUpdated', conversationFields(conversation), actor);
}

export function changeState(
  world: World,
  conversation: Conversation,
  state: State,
  reason: 'API' | 'TIMER' | 'EVENT',
  actor: Actor,
): void {
  const from = conversation.state;
  if (from === state) return;
  const at = world.clock.now();
  Object.assign(conversation, { state, dateUpdated: at });
  announce(
    world,
    conversation,
    'onConversationStateUpdated',
    stateUpdated(conversation, { from, reason, at }),
    actor,
  );
}

export function removeConversation(world: World, conversation: Conversation, actor: Actor): void {
  const fields = conversationRemoved(conversation, world.clock.now());
  announce(world, conversation, 'onConversationRemoved', fields, actor);
  const { service, uniqueName, sid } = conversation;
  service.conversations.delete(sid);
  world.store.conversations.delete(sid);
  if (uniqueName !== null) service.names.delete(uniqueName);
}

/** Closed is final, for the conversation and for all that belongs to it. */
export function refuseClosed(conversation: Conversation): void {
  if (conversation.state === 'closed') refuse(50377);
}

function claimName(world: World, service: Service, name: string | null): void {
  if (name === null || !service.names.has(name)) return;
  refuse(
    50353,
    `Conversation with provided unique name already exists: ${name}`,
    world.options.uniqueNameStatus,
  );
}
