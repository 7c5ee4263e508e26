import { certain, forOption } from '../question';

const NAMES = ['ChatServiceSid', 'MessagingServiceSid'];

export const messageService = forOption('messageServiceSids', {
  name: 'message-service',
  asks: `whether events of new messages have ${NAMES.join(' and ')}`,
  needs: ['receiver'],
  messages: 1,
  events: ['onMessageAdded'],
  requests: 3,
  async ask(session) {
    const tag = await session.attachReceiver({
      Target: 'webhook',
      'Configuration.Filters': ['onMessageAdded'],
    });
    await session.write('Who serves this?', { fires: true });
    const { params } = await session.firstReceived(tag);
    const found = NAMES.filter((name) => name in params);
    return certain(found.join(' and ') || 'neither', found.length > 0 ? 'sent' : 'absent');
  },
});
