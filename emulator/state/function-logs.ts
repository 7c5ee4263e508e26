import type { StoredRecord } from './records';

export const LEVELS = ['info', 'warn', 'error'] as const;

/** Where functions run that log here: what Twilio calls an environment. */
export interface Environment extends StoredRecord {
  /** With its port, if there is one: `localhost:3000`. */
  readonly domainName: string;
}

/** One line that a function logged. */
export interface FunctionLog extends StoredRecord {
  readonly environment: Environment;
  readonly requestSid: string;
  readonly level: (typeof LEVELS)[number];
  readonly message: string;
}
