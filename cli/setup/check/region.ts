import type { Variables } from '../../variables';
import type { Check } from './finding';

const EDGES: Readonly<Record<string, string>> = {
  au1: 'sydney',
  br1: 'sao-paulo',
  de1: 'frankfurt',
  ie1: 'dublin',
  jp1: 'tokyo',
  jp2: 'osaka',
  sg1: 'singapore',
  us2: 'umatilla',
};

/**
 * Hosts without an edge, such as conversations.ie1.twilio.com, are going away; only us1 needs none.
 * https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
 */
export const region: Check<Variables> = {
  code: 'region',
  healthy: 'TWILIO_REGION has its edge, or is not needed',
  find({ TWILIO_REGION: region = '', TWILIO_EDGE: edge = '' }) {
    if (region === '' || region === 'us1' || edge !== '') return [];
    const set = EDGES[region]
      ? `set TWILIO_EDGE=${EDGES[region]}`
      : 'set TWILIO_EDGE to the edge of the region';
    return [
      {
        detail: `TWILIO_REGION is ${region} and TWILIO_EDGE is not set; conversations.${region}.twilio.com may not respond`,
        remedy: `${set}, and use the credentials of that region, which has its own; then npm run deploy`,
      },
    ];
  },
};
