import { certain, forOption } from '../question';

export const undocumentedEcho = forOption('echoUndocumented', {
  name: 'undocumented-echo',
  asks: 'whether configuration shows replay_after',
  requests: 2,
  async ask(session) {
    const configuration = await session.echo({ 'Configuration.ReplayAfter': '0' });
    return 'replay_after' in configuration ? certain('yes', 'yes') : certain('no', 'no');
  },
});
