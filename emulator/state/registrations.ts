import type { Address } from './addresses';
import type { Sink, Subscription } from './event-streams';
import type { WebhookSettings } from './records';

/** What a deployment registers once on its account: the account's webhook, address configurations, sinks, subscriptions. */
export interface Registrations {
  readonly settings: WebhookSettings;
  readonly addresses: readonly Address[];
  readonly sinks: ReadonlyMap<string, Sink>;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** The last serial: what is added after a reset comes later in lists. */
  readonly serial: number;
}
