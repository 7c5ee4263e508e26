import type { Policy } from '../../src/policy/policy';
import type { Client } from '../client';

const STALE_MS = 24 * 60 * 60 * 1000;

/** An execution of a policy's flow that has been active for more than a day: it holds on to its contact. */
export interface StaleExecution {
  readonly execution: string;
  readonly flow: string;
  readonly active_since: string;
}

/** @param now in milliseconds since 1970. @throws ApiError */
export async function* staleExecutions(
  client: Client,
  { webhooks }: Policy,
  now: number,
): AsyncGenerator<StaleExecution> {
  const flows = new Set(
    Object.values(webhooks).flatMap((webhook) => (webhook.target === 'studio' ? [webhook.flowSid] : [])),
  );
  const before = new Date(now - STALE_MS);
  for (const flow of flows) {
    const query = new URLSearchParams({
      status: 'active',
      DateCreatedTo: before.toISOString(),
      PageSize: '50',
    });
    const path = `/v2/Flows/${flow}/Executions?${query}`;
    // In case a filter is not known.
    for await (const { sid, status, date_created } of client.records('studio', path, 'executions'))
      if (status === 'active' && Date.parse(`${date_created}`) < before.getTime())
        yield { execution: `${sid}`, flow, active_since: `${date_created}` };
  }
}
