import { conversationExists, type EmulatorContext } from '../context';
import { dispatchExecutionEvent } from '../delivery/dispatch-execution-event';
import type { Configuration } from '../state/records';
import type { Execution } from '../state/studio';
import { executionEvents } from '../twilio/execution-events';
import { addWebhook, MAX_WEBHOOKS } from './webhooks';

/** Ends an execution, dispatches its event, and reattaches its webhook if the option `studioReattaches` says so. */
export function endExecution(context: EmulatorContext, execution: Execution, reason: string): void {
  context.studio.end(execution, reason, context.clock.now());
  context.changes.emit({ type: 'execution', execution });
  const { studioReattaches } = context.options;
  const reattach = studioReattaches === 'off' ? undefined : reattachment(context, execution);
  if (studioReattaches === 'on') reattach?.();
  dispatchExecutionEvent(
    context,
    executionEvents.ended,
    execution,
    studioReattaches === 'late' ? reattach : undefined,
  );
}

// Reports disagree on whether Studio does this: see docs/emulator.md.
function reattachment(context: EmulatorContext, { conversation_sid, flow_sid }: Execution): () => void {
  const conversation = context.store.conversations.get(conversation_sid);
  return () => {
    // By then it may have been deleted, or replaced by a reset.
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
