import { mapConcurrently } from '../../src/lib/map-concurrently';

interface Webhook {
  readonly sid: string;
  readonly date_updated: string | null;
  readonly configuration: { readonly url?: string; readonly flow_sid?: string };
}

/** What a conversation must have in the end. */
export interface Expected {
  /** The profile and the host of its router. */
  readonly router?: string;
  /** URLs and flows of its managed webhooks, the router aside. */
  readonly webhooks: readonly string[];
  /** The webhook that somebody else has attached, as it was. */
  readonly foreign?: Webhook | undefined;
}

/** What is not as docs/promises.md has it, in words. */
export async function brokenWebhooks(
  emulator: string,
  expected: ReadonlyMap<string, Expected>,
): Promise<string[]> {
  const broken = await mapConcurrently([...expected], 4, async ([conversation, wanted]) => {
    const found = compare(await webhooksOf(emulator, conversation), wanted);
    return found.map((what) => `${conversation}: ${what}`);
  });
  return broken.flat();
}

export async function webhooksOf(emulator: string, conversation: string): Promise<Webhook[]> {
  const response = await fetch(`${emulator}/_emulator/conversations/${conversation}`);
  return ((await response.json()) as { webhooks: Webhook[] }).webhooks;
}

function compare(all: readonly Webhook[], { router, webhooks, foreign }: Expected): string[] {
  const routers: string[] = [];
  const others: string[] = [];
  for (const { sid, configuration } of all) {
    const { url, flow_sid = '' } = configuration;
    const { host, pathname, searchParams } = new URL(url ?? 'flow:');
    if (pathname === '/events/conversation') routers.push(`${searchParams.get('Profile')} on ${host}`);
    else if (sid !== foreign?.sid) others.push(url ?? flow_sid);
  }
  return [
    ...differ('router', routers, router === undefined ? [] : [router]),
    ...differ('webhooks', others.sort(), [...webhooks].sort()),
    ...differ(
      'webhook of somebody else',
      all.find(({ sid }) => sid === foreign?.sid),
      foreign,
    ),
  ];
}

function differ(what: string, found: unknown, wanted: unknown): string[] {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  return is === should ? [] : [`${what} ${is} instead of ${should}`];
}
