import { MAX_WEBHOOKS } from '../lib/limits';
import type { Definition } from '../webhooks/definition';
import type { RouterState } from '../webhooks/router';
import type { WebhookConfig } from '../webhooks/settings';
import { matchesConfig } from '../webhooks/webhook';
import type { Decision } from './decide';
import type { DesiredState } from './desired-state';
import { missingWebhooks, ROUTER, type WebhooksByName } from './managed-webhooks';

/** One change to a conversation. `webhook` is its name in the policy, or `router`. */
export type Step = RouterStep | WebhookStep;

/** Writes a state to the router's URL: a decision, from which any run can go on, or another policy. */
export interface RouterStep {
  readonly step: 'write';
  readonly webhook: typeof ROUTER;
  /** The existing router; undefined if it is to be created. */
  readonly sid?: string;
  readonly state: RouterState;
  /** Of a router that is to be created: index of the first message that it receives. */
  readonly replayAfter?: number | undefined;
  /** The decision that this writes; undefined if it only takes over today's policy. */
  readonly decides?: Decision;
  readonly why: string;
}

export type WebhookStep =
  | DeleteStep
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
    };

interface DeleteStep {
  readonly step: 'delete';
  readonly webhook: string;
  readonly sid: string;
  readonly why: string;
}

/** The profile that a conversation should be in. */
export interface Wanted {
  readonly profile: string;
  /** Index of the first message that a new webhook receives; no replay if left out. */
  readonly replay?: number | undefined;
  /** How many webhooks of any kind are attached. */
  readonly attached: number;
  /** Twilio reported that all slots are taken, whatever the list shows. */
  readonly full?: boolean;
  /** Names of webhooks that cannot be created, and SIDs of those that cannot be deleted. */
  readonly impossible?: ReadonlySet<string>;
}

/**
 * The ordered steps from the attached webhooks to those of a profile: updates, creates, then deletes, so that the new
 * webhooks are attached before the old ones leave. If slots are short, as many deletes as needed come first, duplicates
 * before others. A plan never creates or deletes the router. A webhook that fits in no slot is left to the next plan.
 */
export function plan(
  found: WebhooksByName,
  desired: DesiredState,
  { profile, replay, attached, full, impossible = new Set() }: Wanted,
): WebhookStep[] {
  const wanted = desired.profiles[profile] ?? [];
  const deletes = [...leaving(found, wanted, profile), ...duplicates(found)].filter(
    ({ sid }) => !impossible.has(sid),
  );
  const missing = missingWebhooks(found, desired, profile).filter((name) => !impossible.has(name));
  const free = full ? 0 : Math.max(0, MAX_WEBHOOKS - attached);
  // None if there is room.
  const first = deletes.splice(Math.max(0, deletes.length - (missing.length - free))).reverse();
  const creates = missing.slice(0, free + first.length).map(
    (name): WebhookStep => ({
      step: 'create',
      webhook: name,
      definition: desired.webhooks[name]!,
      ...(replay !== undefined && { replayAfter: replay }),
      why: `in profile ${profile}`,
    }),
  );
  return [...updates(found, desired, wanted), ...first.map(forItsSlot), ...creates, ...deletes];
}

/** A webhook that is not needed in a profile, to be deleted where the router needs its slot. */
export function freeSlot(
  found: WebhooksByName,
  { profiles }: DesiredState,
  profile: string,
  impossible: ReadonlySet<string> = new Set(),
): DeleteStep | undefined {
  for (const [name, [oldest, ...younger]] of found) {
    const webhook = younger.at(-1) ?? oldest;
    const isNeeded = younger.length === 0 && profiles[profile]?.includes(name);
    if (!isNeeded && !impossible.has(webhook.sid))
      return { step: 'delete', webhook: name, sid: webhook.sid, why: 'the router needs its slot' };
  }
  return undefined;
}

/** Deletes the duplicates of every managed webhook; the oldest stays. */
function duplicates(found: WebhooksByName): DeleteStep[] {
  return [...found].flatMap(([webhook, [, ...younger]]) =>
    younger.map(({ sid }): DeleteStep => ({ step: 'delete', webhook, sid, why: 'duplicate' })),
  );
}

function leaving(found: WebhooksByName, wanted: readonly string[], profile: string): DeleteStep[] {
  return [...found]
    .filter(([name]) => name !== ROUTER && !wanted.includes(name))
    .map(
      ([webhook, [oldest]]): DeleteStep => ({
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
): WebhookStep[] {
  // Without the URL: it has the state, which another run may be writing now.
  const routerSettings: WebhookConfig = { method: 'post', filters: router.filters };
  return [...found].flatMap(([name, [oldest]]): WebhookStep[] => {
    const settings: WebhookConfig =
      name === ROUTER ? routerSettings : wanted.includes(name) ? webhooks[name]! : {};
    return matchesConfig(oldest, settings)
      ? []
      : [{ step: 'update', webhook: name, sid: oldest.sid, settings, why: 'configuration differs' }];
  });
}

function forItsSlot<S extends WebhookStep>(step: S): S {
  return { ...step, why: `${step.why}, and its slot is needed` };
}
