import { MAX_WEBHOOKS } from '../lib/limits';
import type { Definition } from '../webhooks/definition';
import { isRouter, parseRouter, type RouterSpec, routerUrl } from '../webhooks/router';
import type { WebhookConfig } from '../webhooks/settings';
import { byAge, isSameWebhook, matchesConfig, type Webhook } from '../webhooks/webhook';

/** What a policy asks of conversations, as far as webhooks go. */
export interface DesiredState {
  /** Every managed webhook but the router, by its name. */
  readonly webhooks: Readonly<Record<string, Definition>>;
  /** The names of the webhooks that a conversation in this profile carries, the router aside. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
  readonly router: RouterSpec;
}

/** One change to a conversation. `webhook` is its name in the policy, or `router`. */
export type Step =
  | {
      readonly step: 'create';
      readonly webhook: string;
      readonly definition: Definition;
      readonly replayAfter?: number;
      readonly why: string;
    }
  | {
      readonly step: 'update';
      readonly webhook: string;
      readonly sid: string;
      readonly settings: WebhookConfig;
      readonly why: string;
    }
  | { readonly step: 'delete'; readonly webhook: string; readonly sid: string; readonly why: string };

export const ROUTER = 'router';

/** Webhooks by their name in the policy, the oldest of each first. */
export type WebhooksByName = ReadonlyMap<string, readonly [Webhook, ...Webhook[]]>;

/** A profile that a conversation is to be in. */
export interface Wanted {
  readonly profile: string;
  /** Index of the first message that a webhook made now is sent; none where it is left out. */
  readonly replay?: number | undefined;
  /** Twilio said that there is no slot left, whatever the list says. */
  readonly full?: boolean;
}

/** The managed webhooks of a conversation by name, the oldest of each first; the router under its own name. */
export function groupByName(
  attached: readonly Webhook[],
  { webhooks, router }: DesiredState,
): WebhooksByName {
  const found = new Map<string, [Webhook, ...Webhook[]]>();
  for (const webhook of [...attached].sort(byAge)) {
    const name = isRouter(webhook, router)
      ? ROUTER
      : Object.keys(webhooks).find((candidate) => isSameWebhook(webhook, webhooks[candidate]!));
    if (name === undefined) continue;
    const group = found.get(name);
    if (group) group.push(webhook);
    else found.set(name, [webhook]);
  }
  return found;
}

/**
 * The ordered steps from what is attached to what a profile asks for: updates, creates, deletes, so that the new listeners
 * are there before the old ones leave. Only where slots are short do as many deletes as needed come first, duplicates
 * before listeners. The router itself is neither made nor removed by a plan, only brought up to date. What fits in no slot
 * is left out: it is missing again in the next plan.
 */
export function plan(
  attached: readonly Webhook[],
  desired: DesiredState,
  { profile, replay, full }: Wanted,
): Step[] {
  const found = groupByName(attached, desired);
  const wanted = desired.profiles[profile] ?? [];
  const deletes = [...leaving(found, wanted, profile), ...duplicates(found)];
  const missing = wanted.filter((name) => !found.has(name));
  const free = Math.max(0, Math.min(MAX_WEBHOOKS - attached.length, full ? 0 : MAX_WEBHOOKS));
  const first =
    missing.length > free
      ? deletes.splice(Math.max(0, deletes.length - (missing.length - free))).reverse()
      : [];
  const creates = missing.slice(0, free + first.length).map(
    (name): Step => ({
      step: 'create',
      webhook: name,
      definition: desired.webhooks[name]!,
      ...(replay !== undefined && { replayAfter: replay }),
      why: `profile ${profile} has it`,
    }),
  );
  return [...updates(found, desired, wanted), ...first.map(forItsSlot), ...creates, ...deletes];
}

/** The webhooks of a profile that the conversation lacks. */
export function missingWebhooks(
  attached: readonly Webhook[],
  desired: DesiredState,
  profile: string,
): string[] {
  const found = groupByName(attached, desired);
  return (desired.profiles[profile] ?? []).filter((name) => !found.has(name));
}

/** Deletes of every managed webhook that stands more than once: of each the oldest stays. */
export function duplicates(found: WebhooksByName): Step[] {
  return [...found].flatMap(([webhook, [, ...younger]]) =>
    younger.map(({ sid }): Step => ({ step: 'delete', webhook, sid, why: 'it stands more than once' })),
  );
}

function leaving(found: WebhooksByName, wanted: readonly string[], profile: string): Step[] {
  return [...found]
    .filter(([name]) => name !== ROUTER && !wanted.includes(name))
    .map(
      ([webhook, [oldest]]): Step => ({
        step: 'delete',
        webhook,
        sid: oldest.sid,
        why: `profile ${profile} does not have it`,
      }),
    );
}

function updates(
  found: WebhooksByName,
  { webhooks, router }: DesiredState,
  wanted: readonly string[],
): Step[] {
  return [...found].flatMap(([name, [oldest]]): Step[] => {
    const settings =
      name === ROUTER ? routerSettings(oldest, router) : wanted.includes(name) ? webhooks[name]! : {};
    if (matchesConfig(oldest, settings)) return [];
    return [{ step: 'update', webhook: name, sid: oldest.sid, settings, why: 'its configuration differs' }];
  });
}

// Its URL is written only to move it here from a former domain: it carries what others may be deciding at this moment.
function routerSettings(webhook: Webhook, spec: RouterSpec): WebhookConfig {
  const here = isRouter(webhook, { ...spec, formerDomains: [] });
  return {
    method: 'post',
    filters: spec.filters,
    ...(!here && { url: routerUrl(parseRouter(webhook), spec) }),
  };
}

function forItsSlot(step: Step): Step {
  return { ...step, why: `${step.why}, and its slot is needed` };
}
