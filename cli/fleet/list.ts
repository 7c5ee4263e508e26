import { unexpectedResponse } from '../../src/twilio/errors';
import type { Client, Fields } from '../client';

/** Which conversations. */
export interface Filter {
  /** SID of a service; all of them if left out. */
  readonly service?: string | undefined;
  readonly state?: string | undefined;
  /** First and last day of creation, such as 2026-11-28, in UTC. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Of a participant, such as +4915112345678. */
  readonly address?: string | undefined;
}

export interface ListedConversation {
  readonly conversation: string;
  readonly service: string;
  readonly state: string;
}

/** Half of what Twilio allows: attributes may have 16 KB, and a response must stay below 1 MB. */
const PAGE_SIZE = 50;

/** The conversations of an account. @throws ApiError */
export async function* listConversations(client: Client, filter: Filter): AsyncGenerator<ListedConversation> {
  for (const service of await servicesOf(client, filter))
    yield* filter.address === undefined
      ? ofService(client, service, filter)
      : ofAddress(client, service, filter, filter.address);
}

async function servicesOf(client: Client, { service }: Filter): Promise<string[]> {
  if (service !== undefined) return [service];
  const services: string[] = [];
  for await (const { sid } of client.records('conversations', '/v1/Services?PageSize=100', 'services'))
    services.push(text(sid));
  return services;
}

async function* ofService(client: Client, service: string, { state, since, until }: Filter) {
  const query = new URLSearchParams({
    ...(state !== undefined && { State: state }),
    ...(since !== undefined && { StartDate: `${since}T00:00:00Z` }),
    ...(until !== undefined && { EndDate: `${until}T23:59:59Z` }),
    PageSize: `${PAGE_SIZE}`,
  });
  const path = `/v1/Services/${service}/Conversations?${query}`;
  for await (const record of client.records('conversations', path, 'conversations'))
    yield { conversation: text(record.sid), service, state: text(record.state) };
}

/** Twilio has no filters here. Two participants may have the address in one conversation. */
async function* ofAddress(client: Client, service: string, filter: Filter, address: string) {
  const query = new URLSearchParams({ Address: address, PageSize: `${PAGE_SIZE}` });
  const path = `/v1/Services/${service}/ParticipantConversations?${query}`;
  const seen = new Set<string>();
  for await (const record of client.records('conversations', path, 'conversations')) {
    const conversation = text(record.conversation_sid);
    if (seen.has(conversation) || !passes(record, filter)) continue;
    seen.add(conversation);
    yield { conversation, service, state: text(record.conversation_state) };
  }
}

function passes(
  { conversation_state, conversation_date_created }: Fields,
  { state, since = '', until = '9999' }: Filter,
): boolean {
  const day = text(conversation_date_created).slice(0, 10);
  return (state === undefined || conversation_state === state) && since <= day && day <= until;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw unexpectedResponse();
  return value;
}
