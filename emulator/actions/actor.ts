import type { Source } from '../state/store';

/** Who did it: that decides whether webhooks fire at all, and what their Source says. */
export interface Actor {
  source: Source;
  clientIdentity: string | null;
  /** The REST API is silent unless the request carries `X-Twilio-Webhook-Enabled: true`. */
  fires: boolean;
}

export const restActor = (fires: boolean): Actor => ({ source: 'API', clientIdentity: null, fires });

/** What happens without a request, such as a timer. */
export const nobody: Actor = restActor(true);

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
