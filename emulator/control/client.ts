import type { Hono } from 'hono';
import type { printMessage } from '../api/resources/messages';
import type { printParticipant } from '../api/resources/participants';
import type { FaultSpec } from '../faults/fault';
import type { FaultInjector, FaultSettings } from '../faults/injector';
import type { Snapshot } from '../snapshot/snapshot';
import type { SinkStatus } from '../state/event-streams';
import type { Delivery, LoggedRequest, ReceivedRequest, RecordedEvent } from '../state/history';
import type { Options } from '../state/options';
import type { Source, State, Status } from '../state/records';
import type { Execution } from '../state/studio';
import { type Code, TwilioError } from '../twilio/errors';
import type { EventType } from '../twilio/event-types';
import type { ExecutionEvent } from '../twilio/execution-events';
import type { ConversationSummary, DetailedMessage } from './conversations';
import type { Names } from './names';

/** The text of a message, or its media, or both. */
interface Content {
  Body?: string;
  /** JSON, or what becomes JSON. */
  Attributes?: string | object;
  Media?: { Sid: string; ContentType: string; Filename?: string; Size?: number }[];
}

export interface InboundMessage extends Content {
  From: string;
  To: string;
  /** By default: by `From`. */
  Source?: 'SMS' | 'whatsapp';
}

export interface ParticipantMessage extends Content {
  /** `SMS` by default. */
  Source?: Exclude<Source, 'API'>;
  /** By default: the first that can send by `Source`. */
  Author?: string;
}

export type NewParticipant = { Attributes?: string | object } & (
  | { Identity: string }
  | { 'MessagingBinding.Address': string; 'MessagingBinding.ProxyAddress': string }
);

export interface DeliveryReport {
  MessageSid: string;
  Status: Status;
  ErrorCode?: number;
  /** By default: the first that is not on chat. */
  ParticipantSid?: string;
}

export interface FunctionLine {
  /** Of its functions, with a port if there is one. */
  DomainName: string;
  Message?: string;
  /** `info` by default. */
  Level?: 'info' | 'warn' | 'error';
}

/** `agent` by default, with that role, for an hour. */
interface FlexUser {
  Identity?: string;
  Roles?: string[];
  /** Seconds until the token expires. */
  Ttl?: number;
}

interface LoggedInFlexUser {
  token: string;
  identity: string;
  worker_sid: string | null;
  roles: string[];
  expiration: string;
}

interface EventFilter {
  ConversationSid?: string;
  EventType?: EventType;
}

interface DeliveryFilter {
  ConversationSid?: string;
  WebhookSid?: string;
  EventType?: EventType | ExecutionEvent;
}

type Message = ReturnType<typeof printMessage>;
type Participant = ReturnType<typeof printParticipant>;
type Faults = ReturnType<FaultInjector['toJSON']>;
export type ControlClient = ReturnType<typeof createControlClient>;

/**
 * The routes of `/_emulator` as functions; docs/emulator.md says what each does. A `conversation` is a SID, or a unique name in the
 * default service. Each rejects with a TwilioError where its route refuses.
 */
export function createControlClient(app: Hono, origin: string) {
  async function call<Body>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Body> {
    const response = await app.request(`${origin}/_emulator${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new TwilioError(value.code as Code, value.message, response.status);
    return value;
  }
  const at = (conversation: string) => `/conversations/${encodeURIComponent(conversation)}`;
  const query = (filter: object) => `?${new URLSearchParams({ ...filter })}`;

  return {
    /** A message from a phone to one of our numbers. */
    receiveMessage: (message: InboundMessage) => call<Message>('POST', '/inbound', message),
    addMessage: (conversation: string, message: ParticipantMessage) =>
      call<Message>('POST', `${at(conversation)}/messages`, message),
    addParticipant: (conversation: string, participant: NewParticipant) =>
      call<Participant>('POST', `${at(conversation)}/participants`, participant),
    /** As a timer does. */
    setState: (conversation: string, State: State) =>
      call<{ conversation_sid: string; state: State }>('POST', `${at(conversation)}/state`, { State }),
    reportDelivery: (conversation: string, report: DeliveryReport) =>
      call<{ sid: string; status: Status }>('POST', `${at(conversation)}/receipts`, report),

    /** The newest 50. */
    conversations: async (filter: { Search?: string } = {}) =>
      (await call<{ conversations: ConversationSummary[] }>('GET', `/conversations${query(filter)}`))
        .conversations,
    /** One of them, with its participants, its webhooks and its last message. */
    conversation: (conversation: string) => call<ConversationSummary>('GET', at(conversation)),
    /** Its newest 150 messages, or those before or after an index. */
    messages: async (conversation: string, window: { Before?: number; After?: number } = {}) =>
      (await call<{ messages: DetailedMessage[] }>('GET', `${at(conversation)}/messages${query(window)}`))
        .messages,
    /** What the functions say of its webhooks. */
    names: (conversation: string) => call<Names>('GET', `${at(conversation)}/names`),

    executions: async (filter: { ConversationSid?: string } = {}) =>
      (await call<{ executions: Execution[] }>('GET', `/executions${query(filter)}`)).executions,
    endExecution: (sid: string, ended_reason?: string) =>
      call<Execution>('POST', `/executions/${sid}/end`, { ended_reason }),
    endExecutions: async (conversation: string, ended_reason?: string) =>
      (
        await call<{ executions: Execution[] }>('POST', `${at(conversation)}/executions/end`, {
          ended_reason,
        })
      ).executions,

    setSinkStatus: (sid: string, Status: SinkStatus) =>
      call<{ sid: string; status: SinkStatus }>('POST', `/sinks/${sid}/status`, { Status }),

    faults: () => call<Faults>('GET', '/faults'),
    addFaults: (faults: FaultSpec | FaultSpec[] | FaultSettings) => call<Faults>('POST', '/faults', faults),
    clearFaults: () => call<void>('DELETE', '/faults'),

    events: async (filter: EventFilter = {}) =>
      (await call<{ events: RecordedEvent[] }>('GET', `/events${query(filter)}`)).events,
    clearEvents: () => call<void>('DELETE', '/events'),
    /** The newest 10,000, some of which may be pending: `idle()` waits for them. */
    deliveries: async (filter: DeliveryFilter = {}) =>
      (await call<{ deliveries: Delivery[] }>('GET', `/deliveries${query(filter)}`)).deliveries,
    /** Sends the same request once more; resolves with the new delivery, which may be pending. */
    sendAgain: (id: number) => call<Delivery>('POST', `/deliveries/${id}/again`),
    clearDeliveries: () => call<void>('DELETE', '/deliveries'),
    /** A line that a function logged, or none: then only its domain is known from now on. */
    addLog: (log: FunctionLine) =>
      call<{ environment_sid: string; sid: string | null }>('POST', '/logs', log),
    /** Logs a user in to Flex. */
    createFlexToken: (user: FlexUser = {}) => call<LoggedInFlexUser>('POST', '/flex-tokens', user),
    /** The API requests. */
    requests: async () => (await call<{ requests: LoggedRequest[] }>('GET', '/requests')).requests,
    clearRequests: () => call<void>('DELETE', '/requests'),
    /** The requests to `/_emulator/receiver`. */
    received: async () => (await call<{ requests: ReceivedRequest[] }>('GET', '/receiver/requests')).requests,
    clearReceived: () => call<void>('DELETE', '/receiver/requests'),
    /** Resolves when no delivery is pending. */
    idle: async () => void (await call('GET', '/idle')),

    now: async () => new Date((await call<{ now: string }>('GET', '/clock')).now),
    advance: async (seconds: number) => void (await call('POST', '/clock', { advance: seconds })),
    options: async () => (await call<{ options: Options }>('GET', '/options')).options,
    setOptions: async (options: Partial<Options>) =>
      (await call<{ options: Options }>('POST', '/options', options)).options,
    /** Adds so many conversations, and resolves with their SIDs. */
    seed: async (conversations: number) =>
      (await call<{ conversations: string[] }>('POST', '/seed', { conversations })).conversations,
    reset: () => call<void>('POST', '/reset'),
    /** The state, to be restored here or in another emulator. */
    snapshot: () => call<Snapshot>('GET', '/snapshot'),
    restore: (snapshot: Snapshot) => call<void>('POST', '/snapshot', snapshot),
    /** What is registered now comes back with each reset. */
    keepOnReset: () =>
      call<{ post_webhook_url: string | null; addresses: string[]; sinks: string[] }>('POST', '/reset/keep'),
  };
}
