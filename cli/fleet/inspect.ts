import { ApiError } from '../../src/lib/api-error';
import { shortHash } from '../../src/lib/hash';
import { MAX_WEBHOOKS } from '../../src/lib/limits';
import { parseUrl } from '../../src/lib/parse-url';
import { ownUrl, type Site } from '../../src/lib/url';
import type { Change } from '../../src/sync/change';
import { type DesiredState, profileToday } from '../../src/sync/desired-state';
import { missingWebhooks, ROUTER } from '../../src/sync/managed-webhooks';
import { requestedProfile } from '../../src/sync/requested-profile';
import { type Snapshot, takeSnapshot } from '../../src/sync/snapshot';
import { sync } from '../../src/sync/sync';
import type { Timing } from '../../src/sync/timing';
import type { Conversation, WebhookList } from '../../src/webhooks/conversation';
import { routerHost } from '../../src/webhooks/router';
import type { Webhook } from '../../src/webhooks/webhook';
import type { ListedConversation } from './list';

/** What a report can find of a conversation, the most urgent first. */
export const FINDINGS = {
  slotsFull: 'without a slot for what the policy needs',
  unknownProfile: 'in a profile that the policy does not have',
  formerDomain: 'on a former domain',
  otherPolicy: 'of another version of the policy',
  drifted: 'drifted from the policy',
  duplicates: 'with duplicate webhooks',
  orphaned: 'with webhooks to unknown hosts',
  otherDeployment: 'managed by another deployment',
  closed: 'closed with webhooks left',
  unmanaged: 'not managed',
} as const;

export type Finding = keyof typeof FINDINGS;

/** A conversation beside the policy. */
export interface Inspection extends ListedConversation {
  /** None: it is in order. */
  readonly findings: readonly Finding[];
  /** Its current profile; null if it is not managed. */
  readonly profile: string | null;
  /** What a sync would do. */
  readonly plan: readonly Change[];
  /** Hosts of other deployments' routers. */
  readonly deployments?: readonly string[];
  readonly orphaned?: readonly { readonly sid: string; readonly host: string }[];
  /** If slots are missing: the hosts and flows of webhooks that are not the policy's. */
  readonly occupied_by?: readonly string[];
  /** Identifies these webhooks in this configuration. */
  readonly seen: string;
}

/** What conversations are compared with. */
export interface Scope {
  /** The policy, for a conversation of this service. */
  desired(service: string): DesiredState;
  /** Whether somebody is known to own the host of a webhook that the policy does not have. */
  isKnown(url: URL): boolean;
  /** The profile that conversations enter that are not managed; they stay so if left out. */
  readonly profile?: string | undefined;
}

/** Time stands still: nothing is waited for. */
const NO_TIME: Timing = { now: () => 0, sleep: async () => {}, deadline: Number.POSITIVE_INFINITY };

/** Sorts a conversation by its webhooks. The plan is that of the sync which would carry it out. */
export async function inspect(
  listed: ListedConversation,
  list: WebhookList,
  scope: Scope,
): Promise<Inspection> {
  const desired = scope.desired(listed.service);
  const snapshot = takeSnapshot({ ...list, requestedAt: 0, takenAt: 0 }, desired);
  const isClosed = listed.state === 'closed';
  const profile = snapshot.state
    ? profileToday(desired, snapshot.state.Profile)
    : isClosed
      ? undefined
      : scope.profile;
  const planned = await planSync(list, snapshot.state ? undefined : profile, desired);
  // Twilio accepts nothing else.
  const plan = isClosed ? planned.filter(({ step }) => step === 'delete') : planned;
  const deployments = otherDeployments(snapshot);
  const orphaned = orphanedWebhooks(snapshot, desired.router.site, deployments, scope);
  const isFull = !isClosed && profile !== undefined && isShortOfSlots(snapshot, desired, profile, plan);
  const found: Readonly<Record<Finding, boolean>> = {
    slotsFull: isFull,
    unknownProfile: !isClosed && snapshot.state !== undefined && profile === undefined,
    formerDomain: !isClosed && isOnFormerDomain(snapshot, desired.router.site),
    otherPolicy: !isClosed && isOfOtherPolicy(snapshot, desired),
    drifted:
      snapshot.state !== undefined && plan.length > 0 && (isClosed || !isOfOtherPolicy(snapshot, desired)),
    duplicates: [...snapshot.groups.values()].some(({ length }) => length > 1),
    orphaned: orphaned.length > 0,
    otherDeployment: deployments.length > 0,
    closed: isClosed && snapshot.groups.size > 0,
    unmanaged: !isClosed && snapshot.state === undefined,
  };
  return {
    ...listed,
    findings: (Object.keys(FINDINGS) as Finding[]).filter((finding) => found[finding]),
    profile: snapshot.state?.Profile ?? null,
    plan,
    ...(deployments.length > 0 && { deployments }),
    ...(orphaned.length > 0 && { orphaned }),
    ...(isFull && { occupied_by: unmanagedWebhooks(snapshot).map(calls) }),
    seen: fingerprint(list.webhooks),
  };
}

/** What a sync would change, or could not. */
const NEEDS_SYNC: ReadonlySet<Finding> = new Set([
  'slotsFull',
  'unknownProfile',
  'formerDomain',
  'otherPolicy',
  'drifted',
]);

/** Whether a conversation is not as the policy wants it. */
export function isOutOfOrder({ findings, plan }: Pick<Inspection, 'findings' | 'plan'>): boolean {
  return plan.length > 0 || findings.some((finding) => NEEDS_SYNC.has(finding));
}

/** Of webhooks as they were listed, in whatever order. */
export function fingerprint(webhooks: readonly Webhook[]): string {
  const parts = webhooks.map(({ sid, target, configuration, date_updated }) =>
    JSON.stringify([sid, target, configuration, date_updated]),
  );
  return shortHash(parts.sort().join('\n'), 16);
}

async function planSync(
  list: WebhookList,
  profile: string | undefined,
  desired: DesiredState,
): Promise<readonly Change[]> {
  try {
    const { plan } = await sync(seenAs(list), {
      desired,
      trigger: requestedProfile(profile, undefined, desired),
      timing: NO_TIME,
      dryRun: true,
    });
    return plan;
  } catch (error) {
    // No slot, or an unknown profile.
    if (error instanceof ApiError) return [];
    throw error;
  }
}

/** A conversation as it was listed. The plan of a sync does not depend on its messages, only where replays begin does. */
function seenAs(list: WebhookList): Conversation {
  const refuse = () => Promise.reject(new Error('a dry run asks for nothing else'));
  return {
    list: async () => list,
    newestIndex: async () => undefined,
    fetch: refuse,
    create: refuse,
    update: refuse,
    remove: refuse,
    fetchFields: refuse,
  };
}

function isOfOtherPolicy({ state }: Snapshot, { policyHash }: DesiredState): boolean {
  return state !== undefined && (state.Policy !== policyHash || !state.complete);
}

function isOnFormerDomain({ router }: Snapshot, site: Site): boolean {
  return router !== undefined && routerHost(router) !== new URL(ownUrl('/', site)).host;
}

function isShortOfSlots(
  { groups, webhooks, router }: Snapshot,
  desired: DesiredState,
  profile: string,
  plan: readonly Change[],
): boolean {
  const wanted = missingWebhooks(groups, desired, profile).length + (router ? 0 : 1);
  // An entry without a free slot fails, so its plan is empty.
  const deleted = plan.length > 0 ? plan.filter(({ step }) => step === 'delete').length : 0;
  return wanted > 0 && wanted > MAX_WEBHOOKS - webhooks.length + deleted;
}

function unmanagedWebhooks({ webhooks, groups }: Snapshot): Webhook[] {
  const managed = new Set([...groups.values()].flat());
  return webhooks.filter((webhook) => !managed.has(webhook));
}

function otherDeployments({ webhooks, groups }: Snapshot): string[] {
  const ours: readonly Webhook[] = groups.get(ROUTER) ?? [];
  return [
    ...new Set(webhooks.flatMap((webhook) => (ours.includes(webhook) ? [] : (routerHost(webhook) ?? [])))),
  ];
}

/** Whoever attached them is not this policy, and not a deployment that manages the conversation too. */
function orphanedWebhooks(
  snapshot: Snapshot,
  site: Site,
  deployments: readonly string[],
  { isKnown }: Scope,
): { sid: string; host: string }[] {
  return unmanagedWebhooks(snapshot).flatMap(({ sid, configuration }) => {
    const url = parseUrl(configuration.url ?? '');
    if (!url || deployments.includes(url.host)) return [];
    // On this deployment's own host the policy would name it.
    const isOwn = url.host === new URL(ownUrl('/', site)).host;
    return !isOwn && isKnown(url) ? [] : [{ sid, host: url.host }];
  });
}

function calls({ configuration: { url, flow_sid } }: Webhook): string {
  return flow_sid ?? parseUrl(url ?? '')?.host ?? 'another webhook';
}
