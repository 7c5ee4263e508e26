import { certain, forOption } from '../question';

export const extraFilters = forOption('extraFilters', {
  name: 'extra-filters',
  asks: 'whether a webhook of a conversation may filter onConversationAdded',
  requests: 2,
  async ask(session) {
    const { status, code } = await session.attachQuiet({ 'Configuration.Filters': ['onConversationAdded'] });
    if (status < 400) return certain('yes', 'accept');
    return certain(`no: ${status}, error ${code}`, code === 50365 ? 'refuse' : undefined);
  },
});
