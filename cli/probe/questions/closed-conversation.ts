import { certain, forOption } from '../question';

export const closedConversation = forOption('closedWebhooks', {
  name: 'closed-conversation',
  asks: 'whether a webhook can be created on a closed conversation',
  conversations: 1,
  requests: 5,
  async ask(session) {
    const conversation = await session.createConversation();
    await session.api.expect('POST', 'conversations', conversation.path, { State: 'closed' });
    const { status, code } = await session.attachQuiet({}, conversation);
    if (status < 400) return certain('yes', 'allow');
    return certain(`no: ${status}, error ${code}`, code === 50377 ? 'refuse' : undefined);
  },
});
