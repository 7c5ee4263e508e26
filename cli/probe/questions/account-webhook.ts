import type { Api } from '../api';
import { forOption, likely } from '../question';
import { createTag } from '../receiver';

const EVENT = 'onConversationUpdated';
const SETTINGS = '/v1/Configuration/Webhooks';

export const accountWebhook = forOption('accountWebhook', {
  name: 'account-webhook',
  asks: "whether the account's webhook gets events of a service that has its own",
  needs: ['receiver', 'accountWebhook'],
  conversations: 1,
  events: [EVENT],
  requests: 9,
  async ask(session) {
    const { api, receiver } = session;
    const tags = { account: createTag(), service: createTag() };
    const settings = (tag: string) => ({
      PostWebhookUrl: receiver.url(tag),
      Method: 'POST',
      Filters: [EVENT],
    });
    const service = await session.create('conversations', '/v1/Services', {
      key: 'services',
      field: 'FriendlyName',
    });
    const path = `/v1/Services/${service}/Configuration/Webhooks`;
    await api.expect('POST', 'conversations', path, settings(tags.service));
    const conversation = await session.createConversation({ service });
    session.cleanup.add("the account's post-event webhook", resetAccountWebhook);
    await api.expect('POST', 'conversations', SETTINGS, settings(tags.account));
    await session.update(conversation.path, { FriendlyName: 'Renamed' });
    await session.firstReceived(tags.service);
    const requests = await session.received(tags.account, (found) =>
      found.some(({ params }) => params.ConversationSid === conversation.sid),
    );
    return requests.some(({ params }) => params.ConversationSid === conversation.sid)
      ? likely('yes', 'also')
      : likely('no', 'shadowed');
  },
});

/** As it was: without a URL, and so without an effect, whatever the filters are. */
export function resetAccountWebhook(api: Api): Promise<unknown> {
  // An empty array would not be sent at all.
  return api.expect('POST', 'conversations', SETTINGS, { PostWebhookUrl: '', Filters: '' });
}
