import { certain, forOption } from '../question';

const SENT = 'Probe KEYWORD';

export const keywordEcho = forOption('keywordEcho', {
  name: 'keyword-echo',
  asks: "in which letter case a trigger's keywords come back",
  requests: 2,
  async ask(session) {
    const { triggers, filters } = await session.echoTrigger(SENT);
    const [keyword] = [triggers ?? filters].flat();
    const value = keyword === SENT ? 'sent' : keyword === SENT.toLowerCase() ? 'lower' : undefined;
    return certain(`${SENT} comes back as ${keyword}`, value);
  },
});
