/** A run of a Studio flow. */
export interface Execution {
  readonly sid: string;
  /** The conversation's SID or the customer's address: sources disagree on which. */
  readonly address: string;
}

/** The port to Studio, for one conversation. Every method throws ApiError with Twilio's status and code. */
export interface Executions {
  /**
   * A flow's active executions that began at or after a date (ISO 8601); at most two pages are fetched. `complete`: there are
   * no more.
   */
  active(
    flowSid: string,
    since: string | undefined,
  ): Promise<{ readonly executions: readonly Execution[]; readonly complete: boolean }>;
  /** SID of the conversation that an execution is about; undefined if its context does not say. */
  conversationOf(flowSid: string, sid: string): Promise<string | undefined>;
  /** Addresses of the conversation's participants outside chat. */
  addresses(): Promise<readonly string[]>;
  /** One that has ended already is a success. */
  end(flowSid: string, sid: string): Promise<void>;
}
