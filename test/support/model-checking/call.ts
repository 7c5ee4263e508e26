import type { Conversation } from '../../../src/webhooks/conversation';

/** One API call of the domain, as a value. */
export type Call = {
  [Method in keyof Conversation]: {
    readonly method: Method;
    readonly args: Readonly<Parameters<Conversation[Method]>>;
  };
}[keyof Conversation];

/** How a call goes. */
export type Way =
  | 'answered'
  /** Done, but the response is lost. */
  | 'lost'
  /** Not done, and the response is lost. */
  | 'dropped'
  /** Not done: a 409. */
  | 'conflict'
  /** Not done: a 400. */
  | 'refused'
  /** Not sent, as its list has become too old. */
  | 'late'
  /** A list without the newest write. */
  | 'lagging'
  /** A create whose SID sorts before all others. */
  | 'first';
