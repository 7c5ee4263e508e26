import type { World } from '../context';
import type { Listener } from '../delivery/subscribers';
import type { Params } from '../twilio/event-types';
import { milliseconds } from './clock';
import type { Conversation } from './store';

/** A flow at work on a conversation, as `/_emulator/executions` shows it. */
export interface Execution {
  sid: string;
  flow_sid: string;
  conversation_sid: string;
  contact_channel_address: string;
  /** What Event Streams calls so: for a call it is the call, so here it is the message. */
  started_by: string;
  webhook_sid: string | null;
  status: 'active' | 'ended';
  ended_reason: string | null;
  /** What the flow reads as `trigger.conversation`. */
  trigger: { conversation: Params };
  /** Every delivery it got, the one that started it included. */
  messages: Params[];
  date_created: string;
  date_updated: string;
}

export interface Incoming {
  conversation: Conversation;
  flowSid: string;
  params: Params;
  listener: Listener;
}

const keyOf = (conversationSid: string, flowSid: string) => `${conversationSid} ${flowSid}`;

/** Not Studio: only a book of which flow would run for which conversation, one active at a time. */
export class Studio {
  readonly executions = new Map<string, Execution>();
  readonly #active = new Map<string, Execution>();

  /** The execution that this started; undefined if one was at work already. */
  receive(world: World, { conversation, flowSid, params, listener }: Incoming): Execution | undefined {
    const date = milliseconds(world.clock.now());
    const active = this.#active.get(keyOf(conversation.sid, flowSid));
    if (active !== undefined) {
      active.messages.push(params);
      active.date_updated = date;
      return undefined;
    }
    const execution: Execution = {
      sid: world.sids('FN'),
      flow_sid: flowSid,
      conversation_sid: conversation.sid,
      contact_channel_address: conversation.sid,
      started_by: params.MessageSid ?? conversation.sid,
      webhook_sid: listener.webhookSid,
      status: 'active',
      ended_reason: null,
      trigger: { conversation: contextOf(conversation, params) },
      messages: [params],
      date_created: date,
      date_updated: date,
    };
    this.executions.set(execution.sid, execution);
    this.#active.set(keyOf(conversation.sid, flowSid), execution);
    return execution;
  }

  /** The executions that are at work on a conversation. */
  activeOn(conversationSid: string): Execution[] {
    return [...this.#active.values()].filter((execution) => execution.conversation_sid === conversationSid);
  }

  end(execution: Execution, reason: string, now: number): void {
    Object.assign(execution, { status: 'ended', ended_reason: reason, date_updated: milliseconds(now) });
    this.#active.delete(keyOf(execution.conversation_sid, execution.flow_sid));
  }

  empty(): void {
    this.executions.clear();
    this.#active.clear();
  }
}

// ChannelSid and From are the names that Programmable Chat used; flows still read them.
function contextOf(conversation: Conversation, params: Params): Params {
  const from = params.Author === undefined ? {} : { From: params.Author };
  return { ...params, ...from, ChannelSid: conversation.sid };
}
