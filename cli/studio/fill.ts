import { UsageError } from '../errors';

/** What flows call, which differs from account to account. */
export interface Places {
  /** The origin of the deployment. */
  readonly url: string;
  readonly monitorUrl?: string | undefined;
}

/** What the Console's editor writes next to the URL of a function. */
export interface Sids {
  readonly service: string;
  readonly environment: string;
  /** @throws UsageError if it is not known */
  functionAt(path: string): string;
}

const DEPLOYMENT = 'https://YOUR-DOMAIN';
const MONITOR = 'https://YOUR-MONITOR/keywords';

/** A flow with its places filled in. @throws UsageError if one is missing, or is not in this flow */
export function fill(text: string, name: string, places: Places, sids: Sids | undefined): unknown {
  const flow = JSON.parse(insert(text, name, places));
  if (sids)
    for (const { type, properties } of flow.states)
      if (type === 'run-function')
        Object.assign(properties, {
          service_sid: sids.service,
          environment_sid: sids.environment,
          function_sid: sids.functionAt(new URL(properties.url).pathname),
        });
  return flow;
}

function insert(text: string, name: string, { url, monitorUrl }: Places): string {
  const filled = text.replaceAll(DEPLOYMENT, () => url);
  if (!filled.includes(MONITOR)) {
    if (monitorUrl === undefined) return filled;
    throw new UsageError(`--monitor-url is not used by ${name}; leave it out`);
  }
  if (monitorUrl === undefined)
    throw new UsageError(`--monitor-url is missing; ${name} needs an https URL of yours`);
  return filled.replaceAll(MONITOR, () => JSON.stringify(monitorUrl).slice(1, -1));
}
