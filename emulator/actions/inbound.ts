import type { EmulatorContext } from '../context';
import type { Actor } from '../delivery/actor';
import type { Binding, Conversation, Message } from '../state/records';
import { DEFAULT_MESSAGING_SERVICE_SID, DEFAULT_ROLE_SID, DEFAULT_SERVICE_SID } from '../twilio/account';
import { refuse } from '../twilio/errors';
import { addConversation } from './conversations';
import { addMessage, type NewMessage } from './messages';
import { addParticipant, findOpenConversation } from './participants';
import { addWebhook } from './webhooks';

/**
 * Adds a message to the open conversation of two addresses, or to one that the address configuration creates.
 * https://www.twilio.com/docs/conversations/inbound-autocreation
 */
export function receiveMessage(
  context: EmulatorContext,
  binding: Binding,
  message: NewMessage,
  actor: Actor,
): { conversation: Conversation; message: Message } {
  const conversation = findOpenConversation(context, binding) ?? create(context, binding, actor);
  return { conversation, message: addMessage(context, conversation, message, actor) };
}

// The webhook is added after the participant and before the message, so it gets the message only.
function create(context: EmulatorContext, binding: Binding, actor: Actor): Conversation {
  const { address, proxyAddress } = binding;
  const found = context.addresses.find(proxyAddress ?? '');
  if (found === undefined || !found.autoCreation.enabled) {
    return refuse(
      20404,
      `${address} and ${proxyAddress} have no open conversation; create one, or an address configuration of ${proxyAddress} with AutoCreation.Enabled=true`,
    );
  }
  const { type, serviceSid, configuration } = found.autoCreation;
  const service = context.store.services.get(serviceSid ?? DEFAULT_SERVICE_SID) ?? refuse(50050);
  const wanted = { messagingServiceSid: DEFAULT_MESSAGING_SERVICE_SID, state: 'active', binding } as const;
  const conversation = addConversation(context, service, wanted, actor);
  const usual = { identity: null, attributes: '{}', roleSid: DEFAULT_ROLE_SID };
  addParticipant(context, conversation, { ...usual, binding }, actor);
  if (type !== 'default' && configuration !== null) addWebhook(context, conversation, type, configuration);
  return conversation;
}
