/** Everything that was read about a conversation. Dates are ISO 8601; those of resources have whole seconds. */
export interface CaseFile {
  /** When it was read, on Twilio's clock. */
  readonly now: string;
  /** When the time line begins. */
  readonly since: string;
  /** Where the functions are: `conversation-webhooks-1234-dev.twil.io`. */
  readonly host: string;
  readonly conversation: {
    readonly sid: string;
    readonly service: string;
    readonly state: string;
    readonly created: string;
  };
  /** Who gets the conversation's events now. */
  readonly listeners: readonly Listener[];
  /** The state in the router's URL; null if the conversation is not managed. */
  readonly router: Router | null;
  /** The profile of new conversations; null if no rule, or no valid policy, has one. */
  readonly firstProfile: string | null;
  /** What each command about the conversation needs. */
  readonly commands: {
    /** As --service names it; null: the default one. */
    readonly service: string | null;
    readonly flags: readonly string[];
  };
  /** Why webhooks have no names: what is not valid in the policy of this checkout; null: nothing. */
  readonly policyIssue: string | null;
  /** The rules about new messages, if the policy of this checkout is valid. */
  readonly rules: readonly Rule[];
  /** Oldest first. */
  readonly messages: readonly Message[];
  readonly log: Log;
  /** Oldest first. */
  readonly alerts: readonly Alert[];
  /** Why they could not be read; null: they were. */
  readonly alertIssue: string | null;
}

export interface Listener {
  readonly level: 'scoped' | 'service' | 'account';
  readonly sid: string | null;
  /** Its name in the policy, else what it calls. */
  readonly label: string;
  /** Whether it is the policy's, or calls this deployment. */
  readonly managed: boolean;
  readonly target: 'webhook' | 'trigger' | 'studio';
  /** A URL without its query, or the SID of a flow. */
  readonly address: string;
  /** Whether its URL has a query, which is not read: it may be a secret. */
  readonly hasQuery: boolean;
  /** `GET` or `POST`; null if it is not known. */
  readonly method: string | null;
  /** The host of the functions that get its events; null if it calls something else. */
  readonly deployment: string | null;
  readonly filters: readonly string[];
  /** Of a trigger. */
  readonly keywords: readonly string[];
  /** Null if it is not known. */
  readonly created: string | null;
  readonly updated: string | null;
  readonly replayAfter: number | null;
}

export interface Router {
  readonly profile: string;
  readonly replay: number;
  readonly decided: string | null;
  readonly policy: string;
  /** Hash of this checkout's policy; null if it is not valid. */
  readonly checkout: string | null;
  /** Names of the profile's webhooks; null unless this checkout has the router's policy, and the policy the profile. */
  readonly webhooks: readonly string[] | null;
}

export interface Rule {
  readonly name: string;
  readonly from: readonly string[] | null;
  readonly profile: string;
}

export interface Message {
  readonly sid: string;
  readonly index: number;
  readonly date: string;
  /**
   * Whoever it is from: by SMS, WhatsApp and the like; a chat participant; or nobody in the conversation, as only the REST API
   * can write.
   */
  readonly writer: 'carrier' | 'chat' | 'nobody';
  /** Null if it is media alone. */
  readonly body: string | null;
}

/** What the functions logged about the conversation. */
export interface Log {
  /** Why it could not be read, or not whole; null: it was. */
  readonly issue: string | null;
  /** From when on it was read. */
  readonly from: string;
  /** Oldest first. */
  readonly lines: readonly Line[];
}

/** A line of the log: docs/observing.md. What it does not say is undefined. */
export interface Line {
  readonly date: string;
  readonly operation: string;
  readonly event?: string | undefined;
  readonly index?: number | undefined;
  readonly status: number;
  readonly result?: string | undefined;
  readonly rule?: string | number | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly steps?: readonly string[] | undefined;
  readonly replay?: number | undefined;
  readonly replayed?: boolean | undefined;
  readonly why?: string | undefined;
  readonly nearest?: { readonly rule: string; readonly needs: readonly string[] } | undefined;
  readonly code?: number | undefined;
  readonly message?: string | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly ms?: number | undefined;
}

/** A webhook that failed, as Twilio's Monitor reports it. */
export interface Alert {
  readonly date: string;
  readonly code: number;
  /** The URL that was called, without its query. */
  readonly address: string;
  readonly webhook: string | null;
  /** Null if Twilio does not say, as of the message. */
  readonly event: string | null;
  /** Null if Twilio does not say. */
  readonly message: string | null;
  /** HTTP status of the response. */
  readonly status: number | null;
}
