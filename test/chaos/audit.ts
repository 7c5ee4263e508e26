import { apiClient } from '../support/api';
import { get } from '../support/call';
import { emulatorEnvironment } from '../support/programs';
import type { Client } from './client';

/** What must be 0 at the end. */
export interface Audit {
  duplicates: number;
  lost: number;
  touched: number;
  unseen: number;
}

interface Listed {
  readonly sid: string;
  readonly target: string;
  readonly dateUpdated: Date;
  readonly configuration: { readonly url?: string; readonly flow_sid?: string };
}

const { BOT_FLOW_SID } = emulatorEnvironment();

/** Looks at each conversation as it is now, and at who was sent its messages. `crmUrl`: managed, by this listener. */
export async function audit(
  origin: string,
  clients: readonly Client[],
  crm: readonly Heard[],
  crmUrl?: string,
): Promise<Audit> {
  const api = apiClient(origin).conversations;
  const found: Audit = { duplicates: 0, lost: 0, touched: 0, unseen: 0 };
  const heard = new Set(crm.map(({ conversation, index }) => `${conversation} ${index}`));
  const { body } = await get(`${origin}/_emulator/executions`);
  for (const { conversation_sid, messages } of body.executions)
    for (const { Index } of messages) heard.add(`${conversation_sid} ${Index}`);
  for (const client of clients) {
    const webhooks: Listed[] = await api(client.sid).webhooks.list();
    const identities = webhooks.map(identity);
    found.duplicates += identities.length - new Set(identities).size;
    found.touched += untouched(webhooks, client) ? 0 : 1;
    const wanted = client.manual === 'attached' ? [client.manualUrl] : [];
    if (crmUrl && client.enteredAt < Number.POSITIVE_INFINITY) wanted.push(...managedBy(webhooks, crmUrl));
    found.lost += wanted.filter((name) => !identities.includes(name)).length;
    for (let index = client.enteredAt; index < client.messages; index++)
      if (!heard.has(`${client.sid} ${index}`)) found.unseen += 1;
  }
  return found;
}

export interface Heard {
  readonly conversation: string;
  readonly index: string;
}

/** Who should be there by what the router says; without a router nobody is, which counts as one lost. */
function managedBy(webhooks: readonly Listed[], crmUrl: string): string[] {
  const router = webhooks.find((webhook) => identity(webhook) === 'router')?.configuration.url;
  if (!router) return ['router'];
  const profile = new URL(router).searchParams.get('Profile');
  return [profile === 'bot' ? `${BOT_FLOW_SID}` : crmUrl, `${crmUrl}/urgent`];
}

function identity({ configuration: { url, flow_sid } }: Listed): string {
  return flow_sid ?? (url?.includes('/events/conversation?') ? 'router' : `${url}`);
}

function untouched(webhooks: readonly Listed[], { foreign }: Client): boolean {
  const now = webhooks.find(({ sid }) => sid === foreign.sid);
  return now !== undefined && now.dateUpdated.getTime() === foreign.dateUpdated.getTime();
}
