import { RefusedError } from '../api';
import { likely, type Question } from '../question';

const MESSAGES = 8;

export const eventOrder: Question = {
  name: 'event-order',
  asks: 'the order and the duplicates of events',
  needs: ['receiver'],
  messages: MESSAGES,
  events: ['onMessageAdded'],
  requests: MESSAGES + 2,
  async ask(session) {
    const tag = await session.attachReceiver({
      Target: 'webhook',
      'Configuration.Filters': ['onMessageAdded'],
    });
    for (let i = 1; i <= MESSAGES; i++) await session.write(`Message ${i} of ${MESSAGES}`, { fires: true });
    // A duplicate may come at any time.
    const requests = await session.received(tag, () => false);
    if (requests.length === 0) throw new RefusedError('no message reached the receiver');
    const indexes = requests.map(({ params }) => Number(params.Index));
    const distinct = [...new Set(indexes)];
    const overtaken = distinct.filter((index, i) => distinct.slice(0, i).some((before) => before > index));
    const order = overtaken.length === 0 ? 'in order' : `${overtaken.length} overtaken by a later one`;
    const duplicates = indexes.length - distinct.length;
    return likely(`${distinct.length} of ${MESSAGES} came, ${order}, ${duplicates || 'no'} duplicates`);
  },
};
