/** A token that a Flex user was given. */
export interface FlexToken {
  readonly token: string;
  readonly identity: string;
  /** Null for a customer. */
  readonly worker_sid: string | null;
  readonly roles: readonly string[];
  /** Milliseconds since 1970. */
  readonly expires: number;
}
