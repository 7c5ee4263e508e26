import { join } from 'node:path';
import { apiClient } from '../test/support/api';
import { post } from '../test/support/call';
import { DEMO_BUNDLE, emulatorEnvironment, root } from '../test/support/programs';

/** The webhook that everyone attaches. */
export const WEBHOOK = { Target: 'webhook', Url: 'https://crm.example/in', Filters: 'onMessageAdded' };

export const ASSETS = join(root, DEMO_BUNDLE, 'assets');

/** Conversations of the emulator that nobody has touched. */
export async function freshConversations(emulator: string, count: number): Promise<string[]> {
  return (await post(`${emulator}/_emulator/seed`, { conversations: `${count}` })).body.conversations;
}

/** A conversation that a fresh emulator holds. */
export const DEMO = 'CH00000000000000000000000000000001';

/** Has the emulator forget everything. */
export async function reset(emulator: string): Promise<void> {
  await post(`${emulator}/_emulator/reset`, {});
}

/** A conversation that carries the webhook, or the same one to somewhere else. */
export async function attachedConversation(emulator: string, url = WEBHOOK.Url) {
  const [ConversationSid = ''] = await freshConversations(emulator, 1);
  const { sid } = await apiClient(emulator)
    .conversations(ConversationSid)
    .webhooks.create({
      target: 'webhook',
      'configuration.url': url,
      'configuration.method': 'post',
      'configuration.filters': [WEBHOOK.Filters],
    });
  return { ConversationSid, Sid: sid };
}

/** The environment of a process that calls functions: no variable of the machine's, which might lead the library elsewhere. */
export function environmentOf(api: string): NodeJS.ProcessEnv {
  return { ...emulatorEnvironment(), TWILIO_API_BASE_URL: api };
}
