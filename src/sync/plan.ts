import { MAX_WEBHOOKS } from '../lib/limits';
import type { Definition } from '../webhooks/definition';
import { isRouter, parseRouter, type RouterSpec, routerUrl } from '../webhooks/router';
import type { WebhookConfig } from '../webhooks/settings';
import { byAge, isSameWebhook, matchesConfig, type Webhook } from '../webhooks/webhook';

/** The webhooks that a policy defines for conversations. */
export interface DesiredState {
  /** Every managed webhook except the router, by name. */
  readonly webhooks: Readonly<Record<string, Definition>>;
  /** The webhooks' names by the profile's name, without the router. */
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

/** Webhooks by their name in the policy, oldest first. */
export type WebhooksByName = ReadonlyMap<string, readonly [Webhook, ...Webhook[]]>;

/** The profile that a conversation should be in. */
export interface Wanted {
  readonly profile: string;
  /** Index of the first message that a new webhook receives; no replay if left out. */
  readonly replay?: number | undefined;
  /** Twilio reported that all slots are taken, whatever the list shows. */
  readonly full?: boolean;
}

/** The managed webhooks of a conversation by name, oldest first; the router is `router`. */
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
 * The ordered steps from the attached webhooks to those of a profile: updates, creates, then deletes, so that the new
 * webhooks are attached before the old ones leave. If slots are short, as many deletes as needed come first, duplicates
 * before others. A plan updates the router, but never creates or deletes it. A webhook that fits in no slot is left to the
 * next plan.
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
      why: `in profile ${profile}`,
    }),
  );
  return [...updates(found, desired, wanted), ...first.map(forItsSlot), ...creates, ...deletes];
}

/** The webhooks of a profile that the conversation does not have. */
export function missingWebhooks(
  attached: readonly Webhook[],
  desired: DesiredState,
  profile: string,
): string[] {
  const found = groupByName(attached, desired);
  return (desired.profiles[profile] ?? []).filter((name) => !found.has(name));
}

/** Deletes the duplicates of every managed webhook; the oldest stays. */
export function duplicates(found: WebhooksByName): Step[] {
  return [...found].flatMap(([webhook, [, ...younger]]) =>
    younger.map(({ sid }): Step => ({ step: 'delete', webhook, sid, why: 'duplicate' })),
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
        why: `not in profile ${profile}`,
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
    return [{ step: 'update', webhook: name, sid: oldest.sid, settings, why: 'configuration differs' }];
  });
}

// The URL has the state, which another run may be writing now: write it only to move the router from a former domain.
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
