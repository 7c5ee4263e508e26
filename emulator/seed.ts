import { nobody } from './actions/actor';
import { addConversation, type ConversationChange } from './actions/conversations';
import { addParticipant } from './actions/participants';
import { addService } from './api/resources/services';
import type { World } from './context';
import type { Conversation } from './state/store';
import { DEFAULT_MESSAGING_SERVICE_SID, DEFAULT_ROLE_SID, DEFAULT_SERVICE_SID } from './twilio/account';

const DEMO_SID = 'CH00000000000000000000000000000001';
const PROXY = '+15005550001';

const silent = { ...nobody, fires: false };

/** What a fresh emulator holds: the default service, and one conversation between a phone and an agent. */
export function seed(world: World): void {
  const service = addService(world, 'Default Conversations Service', DEFAULT_SERVICE_SID);
  const demo = { sid: DEMO_SID, uniqueName: 'demo', friendlyName: 'Demo' };
  populate(world, converse(world, service, demo), '+15005550006');
}

/** Adds `count` conversations like the first one, each with a phone number of its own. */
export function seedConversations(world: World, count: number): Conversation[] {
  const service = world.store.services.get(DEFAULT_SERVICE_SID);
  if (service === undefined) return [];
  return Array.from({ length: count }, () => {
    const conversation = converse(world, service, {});
    const number = String(conversation.serial % 1_000_000).padStart(6, '0');
    return populate(world, conversation, `+15006${number}`);
  });
}

/** Back to the first moment: data, books, options, clock, and no faults. Only what is on the wire arrives all the same. */
export function reset(world: World): void {
  world.courier.forget();
  world.store.empty();
  world.studio.empty();
  world.streams.empty();
  world.addresses.empty();
  world.faults.empty();
  world.deliveries.clear();
  world.clock.reset();
  Object.assign(world.options, world.startOptions);
  seed(world);
}

type Named = ConversationChange & { sid?: string };

const converse = (world: World, service: Conversation['service'], wanted: Named) =>
  addConversation(
    world,
    service,
    { ...wanted, state: 'active', messagingServiceSid: DEFAULT_MESSAGING_SERVICE_SID },
    silent,
  );

function populate(world: World, conversation: Conversation, address: string): Conversation {
  const binding = { type: 'sms', address, proxyAddress: PROXY, projectedAddress: null } as const;
  const usual = { attributes: '{}', roleSid: DEFAULT_ROLE_SID };
  addParticipant(world, conversation, { ...usual, identity: null, binding }, silent);
  addParticipant(world, conversation, { ...usual, identity: 'agent', binding: null }, silent);
  return conversation;
}
