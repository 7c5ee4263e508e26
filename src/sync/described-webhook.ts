import { parseRouter } from '../webhooks/router';
import type { Webhook } from '../webhooks/webhook';
import type { DesiredState } from './desired-state';
import { ROUTER } from './managed-webhooks';
import { managedAmong } from './snapshot';

/** The state in a router's URL, in words. */
interface RouterDescription {
  readonly profile: string;
  /** Index of the first message that the profile's webhooks must receive. */
  readonly replay: number;
  /** Null if the URL does not say. */
  readonly decided_at: string | null;
  /** Keys of the last decisions, newest last. */
  readonly decisions: readonly string[];
  /** Hash of the policy that wrote it. */
  readonly policy: string;
  /** When that policy took over from another one. */
  readonly adopted_at?: string | null;
}

/** A webhook, and what the policy knows of it. */
export interface DescribedWebhook extends Webhook {
  /** Its name in a plan: that of the policy, `router` or `former:…`; null for a foreign webhook. */
  readonly policy_name: string | null;
  readonly router?: RouterDescription;
}

/** @param desired undefined without a valid policy: then every webhook is foreign */
export function describeWebhooks(
  webhooks: readonly Webhook[],
  desired: DesiredState | undefined,
): DescribedWebhook[] {
  const groups = desired ? managedAmong(webhooks, desired).groups : new Map();
  const names = new Map<Webhook, string>(
    [...groups].flatMap(([name, group]) => group.map((webhook: Webhook) => [webhook, name])),
  );
  return webhooks.map((webhook) => {
    const name = names.get(webhook) ?? null;
    return {
      ...webhook,
      policy_name: name,
      ...(name === ROUTER && { router: describeRouter(webhook) }),
    };
  });
}

function describeRouter(webhook: Webhook): RouterDescription {
  const { Profile, Replay, At, Done, Policy, Adopted } = parseRouter(webhook);
  return {
    profile: Profile,
    replay: Replay,
    decided_at: isoSeconds(At),
    decisions: Done,
    policy: Policy,
    ...(Adopted !== undefined && { adopted_at: isoSeconds(Adopted) }),
  };
}

/** A person may have written any number into the URL. */
function isoSeconds(seconds: number): string | null {
  const date = new Date(seconds * 1000);
  return seconds === 0 || Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
}
