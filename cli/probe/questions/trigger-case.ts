import { RefusedError } from '../api';
import { forOption, likely } from '../question';
import type { Received } from '../receiver';

const KEYWORD = 'Keyword';

export const triggerCase = forOption('triggerCase', {
  name: 'trigger-case',
  asks: 'whether a trigger compares keywords with their letter case',
  needs: ['receiver'],
  messages: 2,
  events: ['onMessageAdded'],
  requests: 4,
  async ask(session) {
    const tag = await session.attachReceiver({ Target: 'trigger', 'Configuration.Triggers': [KEYWORD] });
    const other = await session.write(KEYWORD.toUpperCase(), { fires: true });
    const same = await session.write(KEYWORD, { fires: true });
    const got = (requests: Received[], message: { sid?: unknown }) =>
      requests.some(({ params }) => params.MessageSid === message.sid);
    const requests = await session.received(tag, (found) => got(found, same) && got(found, other));
    if (!got(requests, same)) throw new RefusedError('a message with the keyword did not reach the receiver');
    return got(requests, other)
      ? likely('no: any letter case matches', 'insensitive')
      : likely('yes: only the same letter case matches', 'sensitive');
  },
});
