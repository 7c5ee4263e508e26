import type { Execution } from '../studio';
import type { World } from '../world';
import { addWebhook, MOST_WEBHOOKS } from './webhooks';

/** Ends an execution, and does to its webhook what the option `studioWebhook` says. */
export function endExecution(world: World, execution: Execution, reason: string): void {
  world.studio.end(execution, reason, world.clock.now());
  if (world.options.studioWebhook === 'returns') putBack(world, execution);
}

// Reports disagree on whether Studio does this (docs/emulator.md), so it is here to be tested against.
function putBack(world: World, { conversation_sid, flow_sid }: Execution): void {
  const conversation = world.store.conversations.get(conversation_sid);
  if (conversation === undefined || conversation.state === 'closed') return;
  const webhooks = [...conversation.webhooks.values()];
  const attached = webhooks.some(({ configuration }) => configuration.flowSid === flow_sid);
  if (attached || webhooks.length >= MOST_WEBHOOKS) return;
  addWebhook(world, conversation, 'studio', {
    url: null,
    method: null,
    filters: null,
    triggers: null,
    flowSid: flow_sid,
    replayAfter: null,
  });
}
