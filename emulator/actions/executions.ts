import { conversationExists, type EmulatorContext } from '../context';
import { dispatchExecutionEvent } from '../delivery/execution-events';
import type { Configuration } from '../state/records';
import type { Execution } from '../state/studio';
import { executionEvents } from '../twilio/execution-events';
import { addWebhook, MAX_WEBHOOKS } from './webhooks';

/** Ends an execution, tells Event Streams, and does to its webhook what the option `studioReattaches` says. */
export function endExecution(context: EmulatorContext, execution: Execution, reason: string): void {
  context.studio.end(execution, reason, context.clock.now());
  const { studioReattaches } = context.options;
  const putBack = studioReattaches === 'off' ? undefined : reattachment(context, execution);
  if (studioReattaches === 'on') putBack?.();
  dispatchExecutionEvent(
    context,
    executionEvents.ended,
    execution,
    studioReattaches === 'late' ? putBack : undefined,
  );
}

// Reports disagree on whether Studio does this (docs/emulator.md), so it is here to be tested against.
function reattachment(context: EmulatorContext, { conversation_sid, flow_sid }: Execution): () => void {
  const conversation = context.store.conversations.get(conversation_sid);
  return () => {
    // Late is late: it may be gone by then, and a reset may have put another one in its place.
    if (
      conversation === undefined ||
      !conversationExists(context, conversation) ||
      conversation.state === 'closed'
    )
      return;
    const webhooks = [...conversation.webhooks.values()];
    const attached = webhooks.some(({ configuration }) => configuration.flowSid === flow_sid);
    if (attached || webhooks.length >= MAX_WEBHOOKS) return;
    addWebhook(context, conversation, 'studio', studio(flow_sid));
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
