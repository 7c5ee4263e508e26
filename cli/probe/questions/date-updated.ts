import { certain, forOption } from '../question';

export const dateUpdated = forOption('dateUpdated', {
  name: 'date-updated',
  asks: 'the date_updated of a webhook that was never updated',
  requests: 2,
  async ask(session) {
    const { date_created: created, date_updated: updated } = await session.echoQuiet();
    if (updated === null) return certain('null', 'null');
    return certain(updated === created ? 'its date_created' : `${updated}`, 'created');
  },
});
