import type { EventParams } from '../twilio/event-types';
import { isoMilliseconds } from './clock';
import { OrderedMap } from './ordered-map';
import type { Conversation } from './records';

/** Strings, except for ChannelAttributes: the conversation's attributes as they were, parsed. */
interface Trigger {
  [name: string]: unknown;
}

/** A flow that runs for a conversation, as `/_emulator/executions` shows it. */
export interface Execution {
  /** The order of creation. */
  readonly serial: number;
  readonly sid: string;
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
  /** The deliveries it got, as far as they are kept. The one that started it is in `trigger` in any case. */
  messages: EventParams[];
  date_created: string;
  date_updated: string;
}

/** All that Studio knows. */
export interface SavedStudio {
  serial: number;
  executions: Omit<Execution, 'messages'>[];
  /** SIDs of those that get no more deliveries, the first to finish first. */
  finished: string[];
  /** In the order in which they were received. */
  messages: { execution_sid: string; params: EventParams }[];
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

/** Of executions that get no more deliveries. */
const MAX_FINISHED = 10_000;
/** Of all executions together. */
const MAX_MESSAGES = 10_000;

/** Records which flow would run for which conversation, one execution at a time. It runs no flow. */
export class Studio {
  readonly executions = new OrderedMap<Execution>();
  /** Those that get the next delivery, by conversation and flow. */
  readonly #active = new Map<string, Execution>();
  /** The others, the first to finish first. */
  readonly #finished = new Set<string>();
  /** Who got the last messages, the oldest first. */
  #receivers: Execution[] = [];
  #serial = 0;

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
      this.#addMessage(active, params);
      active.date_updated = date;
      return { execution: active, started: false };
    }
    this.#serial += 1;
    const execution = createExecution(this.#serial, newSid(), delivery, date);
    this.#addMessage(execution, params);
    this.executions.add(execution);
    this.#active.set(key, execution);
    return { execution, started: true };
  }

  activeIn(conversationSid: string): Execution[] {
    return [...this.#active.values()].filter((execution) => execution.conversation_sid === conversationSid);
  }

  end(execution: Execution, reason: string, now: number): void {
    Object.assign(execution, { status: 'ended', ended_reason: reason, date_updated: isoMilliseconds(now) });
    this.#finish(execution);
  }

  /** The conversation is gone. Its executions stay active, but get nothing more. */
  abandon(conversationSid: string): void {
    for (const execution of this.activeIn(conversationSid)) this.#finish(execution);
  }

  /** With the deliveries it got. */
  remove({ sid, conversation_sid, flow_sid }: Execution): void {
    const key = keyOf(conversation_sid, flow_sid);
    if (this.#active.get(key)?.sid === sid) this.#active.delete(key);
    this.#finished.delete(sid);
    this.executions.delete(sid);
    this.#receivers = this.#receivers.filter((receiver) => receiver.sid !== sid);
  }

  save(): SavedStudio {
    const executions = this.executions.ordered;
    const unread = new Map(executions.map(({ sid, messages }) => [sid, messages.values()]));
    return {
      serial: this.#serial,
      executions: executions.map(({ messages: _, ...execution }) => execution),
      finished: [...this.#finished],
      messages: this.#receivers.flatMap(({ sid }) => {
        const params = unread.get(sid)?.next().value;
        return params === undefined ? [] : [{ execution_sid: sid, params }];
      }),
    };
  }

  /** To be called on a new one. */
  restore({ serial, executions, finished, messages }: SavedStudio): void {
    this.#serial = serial;
    for (const sid of finished) this.#finished.add(sid);
    for (const saved of executions) {
      const execution: Execution = { ...saved, messages: [] };
      this.executions.add(execution);
      if (!this.#finished.has(execution.sid))
        this.#active.set(keyOf(execution.conversation_sid, execution.flow_sid), execution);
    }
    for (const { execution_sid, params } of messages) {
      const execution = this.executions.get(execution_sid);
      if (execution !== undefined) this.#addMessage(execution, params);
    }
  }

  #addMessage(execution: Execution, params: EventParams): void {
    execution.messages.push(params);
    this.#receivers.push(execution);
    if (this.#receivers.length > MAX_MESSAGES) this.#receivers.shift()?.messages.shift();
  }

  #finish(execution: Execution): void {
    this.#active.delete(keyOf(execution.conversation_sid, execution.flow_sid));
    this.#finished.add(execution.sid);
    const [oldest] = this.#finished;
    if (oldest === undefined || this.#finished.size <= MAX_FINISHED) return;
    this.#finished.delete(oldest);
    this.executions.delete(oldest);
  }
}

function createExecution(serial: number, sid: string, delivery: StudioDelivery, date: string): Execution {
  const { conversation, contactAddress, flowSid, webhookSid, params } = delivery;
  return {
    serial,
    sid,
    flow_sid: flowSid,
    conversation_sid: conversation.sid,
    contact_channel_address: contactAddress,
    started_by: params.MessageSid ?? conversation.sid,
    webhook_sid: webhookSid,
    status: 'active',
    ended_reason: null,
    trigger: { conversation: triggerOf(conversation, params) },
    messages: [],
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

/** Without its serial. */
export const showExecution = ({ serial: _, ...execution }: Execution) => execution;
