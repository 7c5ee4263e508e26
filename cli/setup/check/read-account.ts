import { mapConcurrently } from '../../../src/lib/map-concurrently';
import { hasApiKey } from '../../api-key';
import type { Variables } from '../../variables';
import { Account } from '../account';
import { errorMessage } from '../error-message';
import type { Settings, Sink } from '../step';
import { apiKey } from './api-key';
import { credentials } from './credentials';
import type { Reading, Unread } from './finding';
import { region } from './region';
import type { Address, Service } from './webhooks';

const MAX_REQUESTS = 4;

export interface AccountReadings {
  /** Why Twilio does not accept them; undefined if it does. */
  readonly credentials: Reading<string | undefined>;
  readonly settings: Reading<Settings>;
  readonly services: Reading<Service[]>;
  readonly addresses: Reading<Address[]>;
  readonly sinks: Reading<Sink[]>;
}

/** @param service the only one that is read; all of them if left out */
export async function readAccount(
  variables: Variables,
  service: string | undefined,
  destination: string,
): Promise<AccountReadings> {
  if (hasApiKey(variables)) return unread({ why: `because of ${apiKey.code}`, cause: apiKey.code });
  let account: Account;
  try {
    account = new Account(variables, undefined, { readOnly: true });
  } catch (error) {
    return notAccepted({ value: errorMessage(error, '', variables) });
  }
  const reading = async <T>(work: () => Promise<T>): Promise<Reading<T>> => {
    try {
      return { value: await work() };
    } catch (error) {
      return { why: errorMessage(error, account.origin, variables), error };
    }
  };
  // Reads nothing but this until Twilio has accepted the credentials.
  const first = await reading(() => account.defaultService());
  if ('why' in first && !isPermission(first.error, variables)) {
    if (statusOf(first.error) === 401) return notAccepted({ value: first.why });
    const cause = region.find(variables).length > 0 ? { cause: region.code } : {};
    return notAccepted({ why: first.why, ...cause });
  }
  const [settings, services, addresses, sinks] = await Promise.all([
    reading(() => account.settings()),
    reading(() => readServices(account, service)),
    'why' in first ? first : reading(() => readAddresses(account, first.value)),
    reading(() => account.sinks(destination)),
  ]);
  return { credentials: { value: undefined }, settings, services, addresses, sinks };
}

async function readServices(account: Account, only: string | undefined): Promise<Service[]> {
  const sids = only === undefined ? await account.services() : [only];
  return mapConcurrently(sids, MAX_REQUESTS, async (sid) => ({ sid, settings: await account.settings(sid) }));
}

async function readAddresses(account: Account, defaultService: string): Promise<Address[]> {
  const addresses = await account.addresses();
  return addresses.map(({ createsConversations, service = defaultService, ...address }) => ({
    ...address,
    service: createsConversations ? service : undefined,
  }));
}

function notAccepted(outcome: AccountReadings['credentials']): AccountReadings {
  const others = unread({ why: `because of ${credentials.code}`, cause: credentials.code });
  return { ...others, credentials: outcome };
}

/** Whether an API key was accepted, and may not do this. */
function isPermission(error: unknown, { TWILIO_API_KEY }: Variables): boolean {
  const status = statusOf(error);
  return Boolean(TWILIO_API_KEY) && (status === 403 || (status === 401 && Object(error).code !== 20003));
}

const statusOf = (error: unknown): unknown => Object(error).status;

function unread(reason: Unread): AccountReadings {
  return { credentials: reason, settings: reason, services: reason, addresses: reason, sinks: reason };
}
