import { ApiError } from '../../src/lib/api-error';
import { type DesiredState, desiredState } from '../../src/sync/desired-state';
import { groupByName, ROUTER } from '../../src/sync/managed-webhooks';
import { managedAmong, type Snapshot } from '../../src/sync/snapshot';
import { send } from '../../src/twilio/transport';
import type { Conversation, WebhookList } from '../../src/webhooks/conversation';
import type { Webhook } from '../../src/webhooks/webhook';
import { CliError } from '../errors';
import type { Terminal } from '../terminal';
import { Client } from './client';
import { counted } from './format';
import type { Scope } from './inspect';
import { Journal, type JournalHeader } from './journal';
import type { ListedConversation } from './list';
import type { RetireOptions } from './options';
import { Pace } from './pace';
import { readDeployedPolicy } from './policy';
import { prepare } from './prepare';
import { changeEach, isConfirmed, type Outcome } from './run';
import { scan } from './scan';
import { observed, readOnly } from './transport';

/** Live events may attach again what is removed, until the router is gone. */
const MAX_ROUNDS = 5;

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
  const journalHeader: JournalHeader = {
    journal: 1,
    command: 'retire',
    account: header.account,
    deployment: header.deployment,
    policy: header.policy,
    domain: options.domain,
  };
  const { folder } = terminal;
  const earlier = Journal.find(folder, options.journal, journalHeader, options.resume);
  const pace = new Pace(terminal);
  const transport = observed(send, pace.onResponse);
  const found = await findRouters(new Client(options.variables, readOnly(transport)), retired, options, pace);
  const domain = options.domain ?? new URL(options.origin).host;
  if (found.length === 0) {
    if (earlier) Journal.open(folder, options.journal, journalHeader, true).finish();
    terminal.out(`Nothing to do: no conversation has a router of ${domain}.`);
    return 0;
  }
  const chosen = found.slice(0, options.limit);
  const question = `Remove the router of ${domain} and its webhooks from ${counted(chosen.length, 'conversation')} of account ${header.account}?`;
  if (!(await isConfirmed(question, options.yes, terminal))) return 1;
  const journal = Journal.open(folder, options.journal, journalHeader, options.resume);
  const client = new Client(options.variables, transport);
  return changeEach(chosen, { journal, pace, verb: 'retired' }, terminal, ({ conversation, service }) =>
    retireOne(client.conversation({ ConversationSid: conversation, ServiceSid: service }), service, retired),
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

async function findRouters(
  client: Client,
  retired: Retired,
  { filter }: RetireOptions,
  pace: Pace,
): Promise<ListedConversation[]> {
  const found: ListedConversation[] = [];
  await scan(client, filter, pace, {
    visit({ conversation, service, state }, list) {
      if (managedAmong(list.webhooks, retired.leaving(service)).router)
        found.push({ conversation, service, state });
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
 */
async function retireOne(conversation: Conversation, service: string, retired: Retired): Promise<Outcome> {
  const steps: string[] = [];
  const own = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const list = await conversation.list();
    const found = leavingWebhooks(list, service, retired, own);
    // Without a router of its own, what is left on it is not this deployment's.
    if (found.length === 0 || (round === 0 && !found.some(({ name }) => name === ROUTER)))
      return steps.length > 0 ? { result: 'changed', steps } : { result: 'unchanged' };
    for (const { name, webhook } of found)
      if (await conversation.remove(webhook.sid)) steps.push(`delete ${name}`);
  }
  throw new ApiError(20503, 'its webhooks were attached again and again');
}

function leavingWebhooks(
  { webhooks: all }: WebhookList,
  service: string,
  { leaving, staying }: Retired,
  own: Set<string>,
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
