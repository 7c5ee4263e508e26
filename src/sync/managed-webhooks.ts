import { stateHash } from '../lib/hash';
import { type Definition, identityOf } from '../webhooks/definition';
import { isRouter } from '../webhooks/router';
import { byAge, type Webhook } from '../webhooks/webhook';
import type { DesiredState } from './desired-state';

export const ROUTER = 'router';
/** Begins the name of a webhook of a former policy. Names in a policy have no colon. */
const FORMER = 'former:';

/** Webhooks by their name in the policy, oldest first. */
export type WebhooksByName = ReadonlyMap<string, readonly [Webhook, ...Webhook[]]>;

/** The hash by which a router's URL tells an attached webhook from others. */
export function hashOf(webhook: Webhook): string {
  return stateHash(identityOfWebhook(webhook));
}

export function hashOfDefinition(definition: Definition): string {
  return stateHash(identityOf(definition));
}

/** The hashes of a profile's webhooks, the router aside. */
export function hashesOfProfile({ webhooks, profiles }: DesiredState, profile: string): string[] {
  return (profiles[profile] ?? []).map((name) => hashOfDefinition(webhooks[name]!));
}

/**
 * The managed webhooks of a conversation by name, oldest first: the router as `router`; what only a former policy names as
 * `former:` and its hash. Every other webhook is foreign.
 * @param own hashes of the webhooks that the router's URL names
 */
export function groupByName(
  attached: readonly Webhook[],
  desired: DesiredState,
  own: ReadonlySet<string> = new Set(),
): WebhooksByName {
  const found = new Map<string, [Webhook, ...Webhook[]]>();
  for (const webhook of [...attached].sort(byAge)) {
    const name = nameOf(webhook, desired, own);
    if (name === undefined) continue;
    const group = found.get(name);
    if (group) group.push(webhook);
    else found.set(name, [webhook]);
  }
  return found;
}

function nameOf(
  webhook: Webhook,
  { names, router }: DesiredState,
  own: ReadonlySet<string>,
): string | undefined {
  if (isRouter(webhook, router)) return ROUTER;
  const identity = identityOfWebhook(webhook);
  const known = names.get(identity);
  if (known !== undefined || own.size === 0) return known;
  const hash = stateHash(identity);
  return own.has(hash) ? `${FORMER}${hash}` : undefined;
}

function identityOfWebhook({ target, configuration: { url, flow_sid } }: Webhook): string {
  return identityOf({ target, url, flowSid: flow_sid });
}

/** The webhooks of a profile that the conversation does not have. */
export function missingWebhooks(
  found: WebhooksByName,
  { profiles }: DesiredState,
  profile: string,
): string[] {
  return (profiles[profile] ?? []).filter((name) => !found.has(name));
}
