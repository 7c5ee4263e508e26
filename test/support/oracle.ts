import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ROUTER } from '../../src/sync/managed-webhooks';
import type { Definition } from '../../src/webhooks/definition';
import type { RouterState } from '../../src/webhooks/router';
import type { Webhook } from '../../src/webhooks/webhook';

// How the tests read webhooks. It shares no code with what it is held against, and is simpler: tests write each URL one way.

/** What a test knows of the managed webhooks: their definitions, and the hosts whose routers count. */
export interface Known {
  readonly webhooks: Readonly<Record<string, Definition>>;
  readonly hosts: readonly string[];
}

/** The managed webhooks by name, the oldest of each first. */
export function managed(webhooks: readonly Webhook[], known: Known): Map<string, Webhook[]> {
  const groups = new Map<string, Webhook[]>();
  const age = ({ date_created, sid }: Webhook) => `${date_created} ${sid}`;
  for (const webhook of [...webhooks].sort((a, b) => (age(a) < age(b) ? -1 : 1))) {
    const name = nameOf(webhook, known);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), webhook]);
  }
  return groups;
}

/** Undefined for a foreign webhook. */
export function nameOf(webhook: Webhook, { webhooks, hosts }: Known): string | undefined {
  const { target, configuration } = webhook;
  const [, host = ''] =
    /^https:\/\/([^/]+)\/events\/conversation\?(?:.*&)?Profile=/.exec(configuration.url ?? '') ?? [];
  if (target === 'webhook' && hosts.includes(host)) return ROUTER;
  return Object.keys(webhooks).find((name) => isThis(webhook, webhooks[name]!));
}

/** Whether it is the webhook that a definition is about, whatever its settings. */
export function isThis({ target, configuration }: Webhook, definition: Definition): boolean {
  const address = definition.target === 'studio' ? definition.flowSid : definition.url;
  return target === definition.target && address === (configuration.flow_sid ?? configuration.url);
}

/** The hash of a webhook in a router's URL. */
export function hashOfIdentity(definition: Definition): string {
  const address = definition.target === 'studio' ? definition.flowSid : definition.url;
  return createHash('sha256').update(`${definition.target} ${address}`).digest('base64url').slice(0, 5);
}

/** Whether its settings are those of the definition, all of them and no others. */
export function isConfigured({ configuration }: Webhook, definition: Definition): boolean {
  const { target: _, flowSid, ...settings } = { flowSid: undefined, ...definition };
  return isDeepStrictEqual(
    sorted(configuration),
    sorted({ ...settings, ...(flowSid && { flow_sid: flowSid }) }),
  );
}

/** What a router's URL says; what it lacks is 0 or empty. */
export function stateIn(url: string): RouterState {
  const { searchParams } = new URL(url);
  const part = (name: string) => searchParams.get(name) ?? '';
  const [want = '', rest = ''] = part('Own').split('.');
  return {
    Profile: part('Profile'),
    Replay: Number(part('Replay')),
    At: Number(part('At')),
    Done: hashes(part('Done')),
    Own: { want: hashes(want), rest: hashes(rest) },
    Policy: part('Policy'),
    Adopted: searchParams.has('Adopted') ? Number(part('Adopted')) : undefined,
    ServiceSid: searchParams.get('ServiceSid') ?? undefined,
  };
}

// Five characters each.
function hashes(text: string): string[] {
  return text.match(/.{1,5}/g) ?? [];
}

function sorted(settings: object): object {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, Array.isArray(value) ? [...value].sort() : value]),
  );
}
