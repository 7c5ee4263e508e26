import { type Api, RefusedError } from './api';
import { Cleanup } from './cleanup';
import { questions } from './questions';
import { resetAccountWebhook } from './questions/account-webhook';
import { isReceiverUrl } from './receiver';
import { conversationsOf, NAME, uniqueNameOf } from './session';
import { removeExecutionOf } from './studio';

interface Leftovers {
  readonly cleanup: Cleanup;
  /** What may not be read, and so was not looked for. */
  readonly unread: readonly string[];
}

/** What a run has left that was killed. Changes nothing. @throws RefusedError or ApiError */
export async function findLeftovers(api: Api, service: string | undefined): Promise<Leftovers> {
  const cleanup = new Cleanup();
  const unread: string[] = [];
  for (const [product, key, field] of [
    ['conversations', 'services', 'friendly_name'],
    ['events', 'sinks', 'description'],
    ['events', 'subscriptions', 'description'],
  ] as const) {
    const path = `/v1/${key[0]?.toUpperCase()}${key.slice(1)}`;
    try {
      for (const { sid, [field]: name } of await api.list(product, path, key))
        if (`${name}`.startsWith(`${NAME} `))
          cleanup.add(`${key.slice(0, -1)} "${name}"`, (api) => api.remove(product, `${path}/${sid}`));
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      unread.push(key);
    }
  }
  const withConversation = questions.filter(({ conversations }) => conversations).map(({ name }) => name);
  for (const name of [undefined, ...withConversation]) await findConversation(api, service, name, cleanup);
  const { post_webhook_url: url } = await api.expect('GET', 'conversations', '/v1/Configuration/Webhooks');
  if (typeof url === 'string' && isReceiverUrl(url))
    cleanup.add("the account's post-event webhook", resetAccountWebhook);
  return { cleanup, unread };
}

async function findConversation(
  api: Api,
  service: string | undefined,
  question: string | undefined,
  cleanup: Cleanup,
): Promise<void> {
  const uniqueName = uniqueNameOf(question);
  const root = conversationsOf(service);
  const { status, body } = await api.request('GET', 'conversations', `${root}/${uniqueName}`);
  if (status >= 400) return;
  const { sid, attributes } = body;
  const [flow] = /FW[0-9a-f]{32}/i.exec(`${attributes}`) ?? [];
  cleanup.add(`conversation ${uniqueName}`, (api) => api.remove('conversations', `${root}/${sid}`));
  if (flow) cleanup.add(`execution of ${flow} in ${sid}`, (api) => removeExecutionOf(api, flow, `${sid}`));
}
