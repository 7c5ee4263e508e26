import type { Source } from '../state/records';

/** Who causes an event. */
export interface Actor {
  source: Source;
  clientIdentity: string | null;
  /** Whether webhooks fire. The REST API is silent unless the request has `X-Twilio-Webhook-Enabled: true`. */
  fires: boolean;
  /** Whether it adds the data that the emulator starts with: nothing is dispatched or recorded. */
  seeds?: boolean;
}

export const restActor = (fires: boolean): Actor => ({ source: 'API', clientIdentity: null, fires });

export const seedActor: Actor = { ...restActor(false), seeds: true };

/** For what happens without a request, such as a timer. */
export const systemActor: Actor = restActor(true);

export const sdkActor = (identity: string): Actor => ({
  source: 'SDK',
  clientIdentity: identity,
  fires: true,
});

export const channelActor = (source: 'SMS' | 'whatsapp'): Actor => ({
  source,
  clientIdentity: null,
  fires: true,
});
