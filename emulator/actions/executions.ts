import { exists, type World } from '../context';
import { executionEvents } from '../delivery/cloud-event';
import { emit } from '../delivery/execution-events';
import type { Configuration } from '../state/store';
import type { Execution } from '../state/studio';
import { addWebhook, MOST_WEBHOOKS } from './webhooks';

/** Ends an execution, tells Event Streams, and does to its webhook what the option `studioReattaches` says. */
export function endExecution(world: World, execution: Execution, reason: string): void {
  world.studio.end(execution, reason, world.clock.now());
  const { studioReattaches } = world.options;
  const putBack = studioReattaches === 'off' ? undefined : returning(world, execution);
  if (studioReattaches === 'on') putBack?.();
  emit(world, executionEvents.ended, execution, studioReattaches === 'late' ? putBack : undefined);
}

// Reports disagree on whether Studio does this (docs/emulator.md), so it is here to be tested against.
function returning(world: World, { conversation_sid, flow_sid }: Execution): () => void {
  const conversation = world.store.conversations.get(conversation_sid);
  return () => {
    // Late is late: it may be gone by then, and a reset may have put another one in its place.
    if (conversation === undefined || !exists(world, conversation) || conversation.state === 'closed') return;
    const webhooks = [...conversation.webhooks.values()];
    const attached = webhooks.some(({ configuration }) => configuration.flowSid === flow_sid);
    if (attached || webhooks.length >= MOST_WEBHOOKS) return;
    addWebhook(world, conversation, 'studio', studio(flow_sid));
  };
}

const studio = (flowSid: string): Configuration => ({
  url: null,
  method: null,
  filters: null,
  triggers: null,
  flowSid,
  replayAfter: null,
});
