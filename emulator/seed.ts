import { addConversation, type ConversationChange } from './actions/conversations';
import { addParticipant } from './actions/participants';
import { addService } from './actions/services';
import { type EmulatorContext, replaceState, restoreRegistrations } from './context';
import { seedActor } from './delivery/actor';
import type { Conversation } from './state/records';
import { DEFAULT_MESSAGING_SERVICE_SID, DEFAULT_ROLE_SID, DEFAULT_SERVICE_SID } from './twilio/account';

const DEMO_SID = 'CH00000000000000000000000000000001';
const PROXY = '+15005550001';

/** Adds the data of a new emulator: the default service, and one conversation between a phone and an agent. */
export function seed(context: EmulatorContext): void {
  const service = addService(context, 'Default Conversations Service', DEFAULT_SERVICE_SID);
  const demo = { sid: DEMO_SID, uniqueName: 'demo', friendlyName: 'Demo' };
  addParticipants(context, addActiveConversation(context, service, demo), '+15005550006');
}

/** Adds `count` conversations like the first one, each with a phone number of its own. */
export function seedConversations(context: EmulatorContext, count: number): Conversation[] {
  const service = context.store.services.get(DEFAULT_SERVICE_SID);
  if (service === undefined) return [];
  return Array.from({ length: count }, () => {
    const conversation = addActiveConversation(context, service, {});
    const number = String(conversation.serial % 1_000_000).padStart(6, '0');
    return addParticipants(context, conversation, `+15006${number}`);
  });
}

/** Back to the start, options and faults included. SIDs go on, and what was kept is registered again. */
export function reset(context: EmulatorContext): void {
  replaceState(context);
  restoreRegistrations(context);
  seed(context);
  context.changes.emit({ type: 'reset' });
}

type Named = ConversationChange & { sid?: string };

const addActiveConversation = (context: EmulatorContext, service: Conversation['service'], wanted: Named) =>
  addConversation(
    context,
    service,
    { ...wanted, state: 'active', messagingServiceSid: DEFAULT_MESSAGING_SERVICE_SID },
    seedActor,
  );

function addParticipants(
  context: EmulatorContext,
  conversation: Conversation,
  address: string,
): Conversation {
  const binding = { type: 'sms', address, proxyAddress: PROXY, projectedAddress: null } as const;
  const usual = { attributes: '{}', roleSid: DEFAULT_ROLE_SID };
  addParticipant(context, conversation, { ...usual, identity: null, binding }, seedActor);
  addParticipant(context, conversation, { ...usual, identity: 'agent', binding: null }, seedActor);
  return conversation;
}
