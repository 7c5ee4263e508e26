import { certain, forOption } from '../question';

export const replayAfter = forOption('replayAfterBeyondNewest', {
  name: 'replay-after',
  asks: 'whether ReplayAfter may be an index beyond the newest message',
  messages: 1,
  requests: 3,
  async ask(session) {
    const { index } = await session.write('The newest message');
    const next = `${Number(index) + 1}`;
    const { status, code } = await session.attachQuiet({ 'Configuration.ReplayAfter': next });
    if (status < 400) return certain('yes', 'accept');
    return certain(`no: ${status}, error ${code}`, status === 400 ? 'refuse' : undefined);
  },
});
