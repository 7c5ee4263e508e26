import { certain, forOption } from '../question';

export const defaultMethod = forOption('defaultMethod', {
  name: 'default-method',
  asks: 'the method of a webhook that was created without one',
  requests: 2,
  async ask(session) {
    const { method } = await session.echo({});
    const value = (['post', 'get'] as const).find((known) => known === `${method}`.toLowerCase());
    return certain(`${method}`, value);
  },
});
