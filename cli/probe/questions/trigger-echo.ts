import { certain, forOption } from '../question';

export const triggerEcho = forOption('triggerEcho', {
  name: 'trigger-echo',
  asks: "under which name a trigger's keywords come back",
  requests: 2,
  async ask(session) {
    const configuration = await session.echoTrigger('keyword');
    const names = (['triggers', 'filters'] as const).filter((name) => Array.isArray(configuration[name]));
    return certain(names.join(' and ') || 'under neither', names[0]);
  },
});
