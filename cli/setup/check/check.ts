import { desiredState } from '../../../src/sync/desired-state';
import { readDeployedPolicy } from '../../deployed-policy';
import { fetchStatus, type StatusReading } from '../../deployment-status';
import { CliError } from '../../errors';
import type { Style } from '../../style';
import type { Terminal } from '../../terminal';
import type { Options } from '../options';
import { readNeeds } from '../policy';
import { studioDestination } from '../step';
import { apiKey } from './api-key';
import { credentials } from './credentials';
import { deployment } from './deployment';
import { eventStreams } from './event-streams';
import { type Reading, type Result, run, together, type Unread } from './finding';
import { policy } from './policy';
import { print } from './print';
import { readAccount } from './read-account';
import { region } from './region';
import { targetFlex } from './target-flex';
import { accountWebhook, address, type SetupCommand, serviceWebhook } from './webhooks';

/**
 * Finds what keeps conversations out of a deployment, and changes nothing. @returns the exit code: 0 nothing found; 1 not everything
 * could be checked; 2 something found
 */
export async function check(options: Options, terminal: Terminal, style: Style): Promise<number> {
  const results = await checkAll(options, terminal.folder);
  print(results, options, terminal, style);
  if (results.some(({ status }) => status === 'found')) return 2;
  return results.some(({ status }) => status === 'not_checked') ? 1 : 0;
}

async function checkAll(options: Options, folder: string): Promise<Result[]> {
  const { variables, origin, service, studio } = options;
  const destination = studioDestination(origin, service);
  const [account, status] = await Promise.all([
    readAccount(variables, service, destination),
    fetchStatus(origin),
  ]);
  const needs = attempt(() => readNeeds(folder, variables));
  const policyHash = attempt(() => policyHashOf(folder, options));
  const setup = setupCommand(options);
  const formerDomains = 'value' in needs ? needs.value.formerDomains : [];
  const shared = { place: { value: { origin, formerDomains, setup } }, account: account.settings };
  const { services, addresses } = account;
  const known = 'value' in addresses ? addresses : { value: [] };
  const needed: Reading<boolean> =
    studio !== undefined ? { value: studio } : 'why' in needs ? needs : { value: needs.value.studio };
  const streams =
    'value' in needed && !needed.value
      ? { value: { needed: false, destination, sinks: [], setup } }
      : together({
          needed,
          destination: { value: destination },
          sinks: account.sinks,
          setup: { value: setup },
        });
  return [
    ...run(apiKey, { value: variables }),
    ...run(region, { value: variables }),
    ...run(credentials, account.credentials),
    ...run(deployment, { value: { origin, status } }),
    ...run(policy, together({ origin: { value: origin }, deployed: deployed(status), policyHash })),
    // Of a service's own webhook nothing else matters.
    ...(service === undefined
      ? [...run(accountWebhook, together(shared)), ...run(targetFlex, account.settings)]
      : []),
    ...run(
      serviceWebhook,
      together({ ...shared, services, addresses: known, only: { value: service !== undefined } }),
    ),
    ...run(address, together({ ...shared, services, addresses })),
    ...run(eventStreams, streams),
  ];
}

/** Without a deployment that is ready there is no policy to compare. */
function deployed(status: StatusReading): Reading<StatusReading & { kind: 'status' }> {
  const cause: Unread = { why: `because of ${deployment.code}`, cause: deployment.code };
  return status.kind === 'status' && status.status === 'ready' ? { value: status } : cause;
}

function policyHashOf(folder: string, { variables, origin }: Options): string {
  const { policy, site } = readDeployedPolicy(folder, variables, new URL(origin).host);
  return desiredState(policy, site, undefined).policyHash;
}

function attempt<T>(work: () => T): Reading<T> {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof CliError) return { why: error.message };
    throw error;
  }
}

function setupCommand({ origin, service, studio, file }: Options): SetupCommand {
  return (...flags) =>
    [
      `npm run setup -- --url ${origin}`,
      ...(service !== undefined && !flags.includes('--service') ? ['--service', service] : []),
      ...flags,
      ...(studio === undefined ? [] : [studio ? '--studio' : '--no-studio']),
      ...(file === undefined ? [] : ['--env', /^[\w./-]+$/.test(file) ? file : JSON.stringify(file)]),
    ].join(' ');
}
