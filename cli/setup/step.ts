/** The event of a new conversation, and the one of the end of a Studio execution. */
export const ADDED = 'onConversationAdded';
export const ENDED = 'com.twilio.studio.flow.execution.ended';

/** The current post-event webhook of an account or a service. The URL is empty if it is not set. */
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

/** Where the end of Studio executions is sent. @param service whose conversations it is about; the default service's if left out */
export function studioDestination(origin: string, service: string | undefined): string {
  return `${origin}/events/studio${service === undefined ? '' : `?ServiceSid=${service}`}`;
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
  /** Without a sink: the one that was just created. */
  | { readonly kind: 'subscribe'; readonly sink?: string }
  | { readonly kind: 'add event'; readonly subscription: string }
  | { readonly kind: 'remove event'; readonly subscription: string }
  | { readonly kind: 'delete subscription'; readonly sid: string }
  | { readonly kind: 'delete sink'; readonly sid: string };

/** A step as the plan prints it. @param whose `the account's`, or a service's */
export function describe(step: Step, whose: string): string {
  switch (step.kind) {
    case 'set':
      return `${step.url ? `set ${whose} post-event webhook to ${show(step)}` : `remove ${whose} post-event webhook`}${before(step.before)}`;
    case 'create sink':
      return `create an Event Streams sink for ${step.destination}`;
    case 'subscribe':
      return `subscribe ${step.sink === undefined ? 'the new sink' : `sink ${step.sink}`} to ${ENDED}`;
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

// With its query, so that it can be put back. Its owner knows the password.
const before = (settings: Settings) => (settings.url ? `; was ${show(settings)}` : '');

const show = ({ url, method, filters }: Pick<Settings, 'url' | 'method' | 'filters'>) =>
  `${url.replace(/(\/\/[^/@]*?):[^/@]*@/, '$1:(redacted)@')} (${method}; ${filters.join(', ') || 'no events'})`;
