import { emulatorEnvironment } from '../test/support/programs';
import { fromBench } from './programs';

type Autocannon = (options: object) => Promise<{
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly duration: number;
}>;

interface Shot {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Sends the same request over and over, on several connections, each with one request at a time.
 * @param end a number of requests, or seconds
 * @returns responses per second; throws if one of them is an error, whose speed means nothing
 */
export async function fire(
  shot: Shot,
  connections: number,
  end: { readonly amount: number } | { readonly duration: number },
): Promise<number> {
  // It looks for its end when it takes a sample, and does so once a second unless it is told otherwise.
  const options = { ...shot, connections, sampleInt: 10, ...end };
  const { '2xx': good, non2xx, errors, duration } = await fromBench<Autocannon>('autocannon')(options);
  if (non2xx + errors > 0)
    throw new Error(`${shot.url}: ${non2xx} error responses, ${errors} requests without a response`);
  return good / duration;
}

export function listWebhooks(origin: string, conversation: string): Shot {
  return { url: `${origin}/v1/Conversations/${conversation}/Webhooks`, headers: credentials() };
}

/** A message that the conversation's webhooks are told of. */
export function createMessage(origin: string, conversation: string): Shot {
  return {
    url: `${origin}/v1/Conversations/${conversation}/Messages`,
    method: 'POST',
    headers: {
      ...credentials(),
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-webhook-enabled': 'true',
    },
    body: 'Author=agent&Body=hello',
  };
}

function credentials(): { authorization: string } {
  const { ACCOUNT_SID, AUTH_TOKEN } = emulatorEnvironment();
  return { authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}` };
}
