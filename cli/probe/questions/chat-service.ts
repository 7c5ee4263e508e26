import { certain, forOption } from '../question';

export const chatService = forOption('chatServiceSid', {
  name: 'chat-service',
  asks: 'whether events of edited messages have ChatServiceSid',
  needs: ['receiver'],
  messages: 1,
  events: ['onMessageUpdated'],
  requests: 4,
  async ask(session) {
    const tag = await session.attachReceiver({
      Target: 'webhook',
      'Configuration.Filters': ['onMessageUpdated'],
    });
    const { sid } = await session.write('Before');
    await session.update(`${session.conversation.path}/Messages/${sid}`, { Body: 'After' });
    const { params } = await session.firstReceived(tag);
    return 'ChatServiceSid' in params ? certain('yes', 'always') : certain('no', 'documented');
  },
});
