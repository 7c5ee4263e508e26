import { certain, forOption } from '../question';

const ECHOES = { 'POST post': 'sent', 'post post': 'lower', 'POST POST': 'upper' } as const;

export const methodEcho = forOption('methodEcho', {
  name: 'method-echo',
  asks: 'the letter case in which a method comes back',
  requests: 4,
  async ask(session) {
    const { method: upper } = await session.echo({ 'Configuration.Method': 'POST' });
    const { method: lower } = await session.echo({ 'Configuration.Method': 'post' });
    const value = (ECHOES as Record<string, (typeof ECHOES)[keyof typeof ECHOES]>)[`${upper} ${lower}`];
    return certain(`POST comes back as ${upper}, post as ${lower}`, value);
  },
});
