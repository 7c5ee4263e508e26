import { certain, forOption } from '../question';
import { createTag } from '../receiver';
import { EXECUTION, endExecution, startExecution } from '../studio';

export const unbatchedEvents = forOption('unbatchedEvents', {
  name: 'unbatched-events',
  asks: 'whether a sink without batch_events gets an array or a single event',
  needs: ['receiver', 'flow'],
  ...EXECUTION,
  requests: 9 + EXECUTION.requests,
  async ask(session) {
    const conversation = await session.createConversation({ flow: session.flow });
    const tag = createTag();
    await session.subscribe(await session.createSink(session.receiver.url(tag), { batchEvents: false }));
    const { sid } = await startExecution(session, conversation);
    await endExecution(session.api, session.flow, sid);
    const { body } = await session.firstReceived(tag);
    return Array.isArray(body) ? certain('an array', 'array') : certain('the event itself', 'object');
  },
});
