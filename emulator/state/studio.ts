import type { EventParams } from '../twilio/event-types';
import { isoMilliseconds } from './clock';
import type { Conversation } from './records';

/** Strings, except for ChannelAttributes: the conversation's attributes as they were, parsed. */
interface Trigger {
  [name: string]: unknown;
}

/** A flow that runs for a conversation, as `/_emulator/executions` shows it. */
export interface Execution {
  sid: string;
  flow_sid: string;
  conversation_sid: string;
  contact_channel_address: string;
  /** Event Streams' name for it: the call that started the flow, and here the message. */
  started_by: string;
  webhook_sid: string | null;
  status: 'active' | 'ended';
  ended_reason: string | null;
  /** What the flow reads as `trigger.conversation`. */
  trigger: { conversation: Trigger };
  /** Every delivery it got, beginning with the one that started it. */
  messages: EventParams[];
  date_created: string;
  date_updated: string;
}

export interface StudioDelivery {
  conversation: Conversation;
  /** By what Studio knows the contact. */
  contactAddress: string;
  flowSid: string;
  webhookSid: string | null;
  params: EventParams;
}

const keyOf = (conversationSid: string, flowSid: string) => `${conversationSid} ${flowSid}`;

/** Records which flow would run for which conversation, one execution at a time. It runs no flow. */
export class Studio {
  readonly executions = new Map<string, Execution>();
  readonly #active = new Map<string, Execution>();

  /** The execution that got the delivery, and whether it started with it. */
  receive(
    delivery: StudioDelivery,
    now: number,
    newSid: () => string,
  ): { execution: Execution; started: boolean } {
    const { conversation, flowSid, params } = delivery;
    const key = keyOf(conversation.sid, flowSid);
    const date = isoMilliseconds(now);
    const active = this.#active.get(key);
    if (active !== undefined) {
      active.messages.push(params);
      active.date_updated = date;
      return { execution: active, started: false };
    }
    const execution = createExecution(newSid(), delivery, date);
    this.executions.set(execution.sid, execution);
    this.#active.set(key, execution);
    return { execution, started: true };
  }

  activeIn(conversationSid: string): Execution[] {
    return [...this.#active.values()].filter((execution) => execution.conversation_sid === conversationSid);
  }

  end(execution: Execution, reason: string, now: number): void {
    Object.assign(execution, { status: 'ended', ended_reason: reason, date_updated: isoMilliseconds(now) });
    this.#active.delete(keyOf(execution.conversation_sid, execution.flow_sid));
  }
}

function createExecution(sid: string, delivery: StudioDelivery, date: string): Execution {
  const { conversation, contactAddress, flowSid, webhookSid, params } = delivery;
  return {
    sid,
    flow_sid: flowSid,
    conversation_sid: conversation.sid,
    contact_channel_address: contactAddress,
    started_by: params.MessageSid ?? conversation.sid,
    webhook_sid: webhookSid,
    status: 'active',
    ended_reason: null,
    trigger: { conversation: triggerOf(conversation, params) },
    messages: [params],
    date_created: date,
    date_updated: date,
  };
}

// ChannelSid, ChannelAttributes, InstanceSid and From are the names of Programmable Chat; flows still read them.
function triggerOf({ sid, attributes, service }: Conversation, params: EventParams): Trigger {
  return {
    ...params,
    ...(params.Author === undefined ? {} : { From: params.Author }),
    ChannelSid: sid,
    ChannelAttributes: JSON.parse(attributes),
    InstanceSid: service.sid,
  };
}
