/** The event that tells of new conversations, and the one that tells of the end of a Studio execution. */
export const ADDED = 'onConversationAdded';
export const ENDED = 'com.twilio.studio.flow.execution.ended';

/** The post-event webhook of an account or a service, as it is. Empty text stands for a URL that is not set. */
export interface Settings {
  readonly url: string;
  readonly filters: readonly string[];
  readonly method: string;
  /** Whether there is a pre-event webhook, which has the same method. */
  readonly pre: boolean;
  /** `webhook`, or `flex`, which only an account can have. */
  readonly target: string;
}

/** An Event Streams sink that points to this deployment. */
export interface Sink {
  readonly sid: string;
  readonly method: string;
  readonly status: string;
  readonly subscriptions: readonly { readonly sid: string; readonly types: readonly string[] }[];
}

/** One request that changes something. */
export type Step =
  | {
      readonly kind: 'set';
      readonly url: string;
      readonly filters: readonly string[];
      readonly method: string;
      readonly before: Settings;
    }
  | { readonly kind: 'create sink'; readonly destination: string }
  /** Without a sink: to the one that was just created. */
  | { readonly kind: 'subscribe'; readonly sink?: string }
  | { readonly kind: 'add event'; readonly subscription: string }
  | { readonly kind: 'remove event'; readonly subscription: string }
  | { readonly kind: 'delete subscription'; readonly sid: string }
  | { readonly kind: 'delete sink'; readonly sid: string };

/** A step in words. @param whose `the account's`, or a service's */
export function describe(step: Step, whose: string): string {
  switch (step.kind) {
    case 'set':
      return `${step.url ? `point ${whose} post-event webhook to ${show(step)}` : `take away ${whose} post-event webhook`}${before(step.before)}`;
    case 'create sink':
      return `create an Event Streams sink to ${step.destination}`;
    case 'subscribe':
      return `subscribe ${step.sink === undefined ? 'it' : `sink ${step.sink}`} to ${ENDED}`;
    case 'add event':
      return `add ${ENDED} to subscription ${step.subscription}`;
    case 'remove event':
      return `remove ${ENDED} from subscription ${step.subscription}`;
    case 'delete subscription':
      return `delete subscription ${step.sid}`;
    case 'delete sink':
      return `delete sink ${step.sid}`;
  }
}

// With its query: whoever wants it back has nothing else to go by. A password they have.
const before = (settings: Settings) => (settings.url ? `; it was ${show(settings)}` : '');

const show = ({ url, method, filters }: Pick<Settings, 'url' | 'method' | 'filters'>) =>
  `${url.replace(/(\/\/[^/@]*?):[^/@]*@/, '$1:(hidden)@')} (${method}; ${filters.join(', ') || 'no events'})`;
