import { ApiError } from '../../src/lib/api-error';
import { type DesiredState, desiredState } from '../../src/sync/desired-state';
import { groupByName, ROUTER } from '../../src/sync/managed-webhooks';
import { managedAmong, type Snapshot } from '../../src/sync/snapshot';
import type { WebhookList } from '../../src/webhooks/conversation';
import type { Webhook } from '../../src/webhooks/webhook';
import type { Client } from '../client';
import { readDeployedPolicy } from '../deployed-policy';
import { CliError } from '../errors';
import type { Terminal } from '../terminal';
import type { Scope } from './inspect';
import type { JournalContent } from './journal';
import type { RetireOptions } from './options';
import type { Pace } from './pace';
import { prepare } from './prepare';
import { isBegun, type Outcome, run } from './run';
import { scan } from './scan';

/** Live events may attach again what is removed, until the router is gone. */
const MAX_ROUNDS = 5;

/** A conversation to be changed. */
interface Item {
  readonly conversation: string;
  readonly service: string;
  /** Hashes of what its router has named as managed, also before it was removed. */
  readonly own: Set<string>;
}

/** What is to leave conversations, and what is to stay on them. */
interface Retired {
  /** As the deployment that leaves wants a conversation. */
  leaving(service: string): DesiredState;
  /** As the deployment that stays does; undefined if none stays. */
  staying?: ((service: string) => DesiredState) | undefined;
}

/** Takes a deployment off all conversations. @returns the exit code. @throws CliError, ApiError */
export async function retire(options: RetireOptions, terminal: Terminal): Promise<number> {
  const { scope, header } = prepare(options, terminal.folder);
  const retired = whatIsRetired(options, scope, terminal.folder);
  const domain = options.domain ?? new URL(options.origin).host;
  const { account, deployment, policy } = header;
  return run<Item>(
    {
      header: { journal: 1, command: 'retire', account, deployment, policy, domain: options.domain },
      find: (client, pace, earlier) => findManaged(client, retired, options, { pace, earlier }),
      nothing: `Nothing to do: no conversation has a router of ${domain}.`,
      question: (conversations) =>
        `Remove the router of ${domain} and its webhooks from ${conversations} of account ${account}?`,
      verb: 'retired',
      change: (client, item, attempt) => retireOne(client, item, retired, attempt > 0),
    },
    options,
    terminal,
  );
}

function whatIsRetired({ domain, variables }: RetireOptions, scope: Scope, folder: string): Retired {
  if (domain === undefined) return { leaving: scope.desired };
  // Paths in the policy mean the host that it is deployed on.
  const { policy, site } = readDeployedPolicy(folder, variables, domain);
  const alone = (desired: DesiredState): DesiredState => ({
    ...desired,
    router: { ...desired.router, formerDomains: [] },
  });
  return {
    leaving: (service) => alone(desiredState(policy, site, service)),
    staying: (service) => alone(scope.desired(service)),
  };
}

/** Those with a router, and those that an earlier run has begun with: it may have removed the router. */
async function findManaged(
  client: Client,
  retired: Retired,
  { filter }: RetireOptions,
  { pace, earlier }: { pace: Pace; earlier: JournalContent | undefined },
): Promise<Item[]> {
  const found: Item[] = [];
  await scan(client, filter, pace, {
    visit({ conversation, service }, list) {
      const { router, own } = managedAmong(list.webhooks, retired.leaving(service));
      if (router || isBegun(conversation, earlier))
        found.push({ conversation, service, own: new Set([...own.want, ...own.rest]) });
    },
    failed({ conversation, error }) {
      throw new CliError(`${conversation} could not be read: ${error}; nothing was changed`);
    },
  });
  return found;
}

/**
 * The managed webhooks go first, the router last: until then a run that was killed knows what is managed. What an event of the
 * meantime attached again goes with the next round.
 * @param begun whether an earlier attempt may have removed the router
 */
async function retireOne(client: Client, item: Item, retired: Retired, begun: boolean): Promise<Outcome> {
  const { conversation: ConversationSid, service: ServiceSid } = item;
  const conversation = client.conversation({ ConversationSid, ServiceSid });
  const steps: string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = leavingWebhooks(await conversation.list(), item, retired);
    const isLeft = begun || round > 0 || found.some(({ name }) => name === ROUTER);
    // Without a router of its own, what is left on it is not this deployment's.
    if (found.length === 0 || !isLeft)
      return steps.length > 0 ? { result: 'changed', steps } : { result: 'unchanged' };
    for (const { name, webhook } of found)
      if (await conversation.remove(webhook.sid)) steps.push(`delete ${name}`);
  }
  throw new ApiError(20503, 'its webhooks were attached again and again');
}

function leavingWebhooks(
  { webhooks: all }: WebhookList,
  { service, own }: Item,
  { leaving, staying }: Retired,
): { name: string; webhook: Webhook }[] {
  const desired = leaving(service);
  const { want, rest } = managedAmong(all, desired).own;
  for (const hash of [...want, ...rest]) own.add(hash);
  const kept = staying ? keptWebhooks(managedAmong(all, staying(service))) : new Set();
  const found = [...groupByName(all, desired, own)].flatMap(([name, webhooks]) =>
    webhooks.flatMap((webhook) => (kept.has(webhook.sid) ? [] : [{ name, webhook }])),
  );
  return found.sort((a, b) => Number(a.name === ROUTER) - Number(b.name === ROUTER));
}

function keptWebhooks({ router, groups }: Pick<Snapshot, 'router' | 'groups'>): ReadonlySet<string> {
  return new Set(router ? [...groups.values()].flat().map(({ sid }) => sid) : []);
}
