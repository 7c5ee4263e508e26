// What the emulator returns, as far as the page reads it.
import type { Delivery, RecordedEvent } from '../../state/history';
import type { Execution } from '../../state/studio';

export type { Delivery, Execution, RecordedEvent };

export interface Conversation {
  sid: string;
  chat_service_sid: string;
  friendly_name: string | null;
  unique_name: string | null;
  attributes: string;
  state: 'active' | 'inactive' | 'closed';
  date_created: string;
}

export interface Participant {
  sid: string;
  identity: string | null;
  messaging_binding: { type: 'sms' | 'whatsapp'; address?: string; proxy_address?: string } | null;
}

export interface Webhook {
  sid: string;
  target: 'webhook' | 'trigger' | 'studio';
  configuration: {
    url?: string | null;
    method?: string;
    filters?: string[] | null;
    triggers?: string[] | null;
    flow_sid?: string;
  };
  date_created: string;
}

export interface Message {
  sid: string;
  index: number;
  author: string;
  body: string | null;
  media: { filename: string | null; content_type: string }[] | null;
  attributes: string;
  date_created: string;
  date_updated: string;
  source: 'API' | 'SDK' | 'SMS' | 'whatsapp';
  receipts: { participant_sid: string; status: string; error_code: number | null }[];
}

/** A conversation with all but its messages. */
export interface Summary {
  conversation: Conversation;
  participants: Participant[];
  webhooks: Webhook[];
  last_message: Message | null;
}

/** What the policy knows of a webhook; from the functions. */
export interface Name {
  sid: string;
  policy_name?: string | null;
  router?: {
    profile: string;
    replay: number;
    decided_at: string | null;
    policy: string;
    adopted_at?: string | null;
  };
}

export interface OptionDefinition {
  values?: (string | number)[];
  integer?: number;
  why: string;
}

export interface Settings {
  options: Record<string, string | number>;
  definitions: Record<string, OptionDefinition>;
  faults: FaultSet;
  /** Milliseconds that the emulator's clock is ahead of the browser's. */
  aheadMs: number;
}

export interface FaultSet {
  faults: { id: number; seen: number; met: number; [key: string]: unknown }[];
  [key: string]: unknown;
}
