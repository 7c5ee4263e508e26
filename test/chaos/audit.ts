import { apiClient } from '../support/api';
import { get } from '../support/call';
import { emulatorEnvironment } from '../support/programs';
import type { Client } from './client';
import type { Version } from './versions';

/** What must be 0 at the end. */
export interface Audit {
  duplicates: number;
  lost: number;
  /** Managed webhooks that the profile does not have, or that no policy has any more. */
  stale: number;
  touched: number;
  unseen: number;
  undecided: number;
}

interface Listed {
  readonly sid: string;
  readonly target: string;
  readonly dateUpdated: Date;
  readonly configuration: { readonly url?: string; readonly flow_sid?: string };
}

const ROUTER = 'router';
/** Begins the URLs of the webhooks that nobody here manages. */
export const FOREIGN_PREFIX = 'https://theirs.example/';

const { BOT_FLOW_SID } = emulatorEnvironment();

/** What manages the conversations. */
interface Manager {
  readonly version: Version;
  /** What it logged about a conversation. */
  readonly logOf: (sid: string) => string;
}

/** Looks at each conversation as it is now, and at who was sent its messages. Prints what is wrong with a managed one. */
export async function audit(
  origin: string,
  clients: readonly Client[],
  crm: readonly Heard[],
  manager?: Manager,
): Promise<Audit> {
  const api = apiClient(origin).conversations;
  const found: Audit = { duplicates: 0, lost: 0, stale: 0, touched: 0, unseen: 0, undecided: 0 };
  const heard = new Set(crm.map(({ conversation, index }) => `${conversation} ${index}`));
  const { body } = await get(`${origin}/_emulator/executions`);
  for (const { conversation_sid, messages } of body.executions)
    for (const { Index } of messages) heard.add(`${conversation_sid} ${Index}`);
  for (const client of clients) {
    const webhooks: Listed[] = await api(client.sid).webhooks.list();
    const identities = webhooks.map(identity);
    const before = { ...found };
    found.duplicates += identities.length - new Set(identities).size;
    found.touched += untouched(webhooks, client) ? 0 : 1;
    const manual = client.manual === 'attached' ? [client.manualUrl] : [];
    found.lost += manual.filter((name) => !identities.includes(name)).length;
    if (manager && client.enteredAt < Number.POSITIVE_INFINITY) {
      const { version } = manager;
      const profile = profileIn(webhooks);
      const managed = managedBy(profile, version);
      const others = [client.manualUrl, FOREIGN_PREFIX];
      const attached = identities.filter((name) => !others.some((other) => name.startsWith(other)));
      found.lost += managed.filter((name) => !attached.includes(name)).length;
      found.stale += attached.filter((name) => !managed.includes(name)).length;
      const expected = client.decided === 'agent' ? version.agent : client.decided;
      if (expected !== undefined && expected !== profile) found.undecided += 1;
    }
    const missed = indexesOf(client).filter((index) => !heard.has(`${client.sid} ${index}`));
    found.unseen += missed.length;
    const isWrong = Object.entries(before).some(([count, n]) => found[count as keyof Audit] > n);
    if (manager && isWrong) {
      const attached = `${identities.join(' ')}; its own is ${client.manual}; not delivered: ${missed.join(' ') || 'none'}`;
      console.log(`${client.sid} has ${attached}\n${manager.logOf(client.sid)}`);
    }
  }
  return found;
}

/** The messages that a managed listener must have. */
function indexesOf({ enteredAt, messages }: Client): number[] {
  return Array.from({ length: messages }, (_, index) => index).filter((index) => index >= enteredAt);
}

export interface Heard {
  readonly conversation: string;
  readonly index: string;
}

/** The profile in the router's URL. */
function profileIn(webhooks: readonly Listed[]): string | undefined {
  const router = webhooks.find((webhook) => identity(webhook) === ROUTER)?.configuration.url;
  return router && `${new URL(router).searchParams.get('Profile')}`;
}

/** What should be attached in a profile. */
function managedBy(profile: string | undefined, { crmUrl, hasTrigger }: Version): string[] {
  const listener = profile === 'bot' ? `${BOT_FLOW_SID}` : crmUrl;
  return [ROUTER, listener, ...(hasTrigger ? [`${crmUrl}/urgent`] : [])];
}

function identity({ configuration: { url, flow_sid } }: Listed): string {
  return flow_sid ?? (url?.includes('/events/conversation?') ? ROUTER : `${url}`);
}

function untouched(webhooks: readonly Listed[], { foreign }: Client): boolean {
  const now = webhooks.find(({ sid }) => sid === foreign.sid);
  return now !== undefined && now.dateUpdated.getTime() === foreign.dateUpdated.getTime();
}
