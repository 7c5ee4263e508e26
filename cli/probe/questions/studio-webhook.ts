import { RefusedError } from '../api';
import { MAX_POLLS, poll } from '../poll';
import { forOption, likely } from '../question';
import { createTag } from '../receiver';
import { EXECUTION, endExecution, startExecution } from '../studio';

/** Of `--wait`, so that there is time left after it. */
const HOLD = 0.5;
/** Less than Twilio waits for a response. */
const MAX_HOLD_MS = 4_000;

export const studioWebhook = forOption('studioReattaches', {
  name: 'studio-webhook',
  asks: 'whether a studio webhook that was deleted comes back when the execution ends',
  needs: ['receiver', 'flow'],
  ...EXECUTION,
  requests: 9 + 2 * MAX_POLLS + EXECUTION.requests,
  async ask(session) {
    const { api, flow, receiver, pollLimits } = session;
    const conversation = await session.createConversation({ flow });
    // The response to the end is held, to tell what happens before it from what happens after it.
    const tag = createTag();
    const holdMs = Math.min(pollLimits.waitMs * HOLD, MAX_HOLD_MS);
    await session.subscribe(await session.createSink(receiver.url(tag, holdMs)));
    const { sid, webhookSid } = await startExecution(session, conversation);
    await api.remove('conversations', `${conversation.path}/Webhooks/${webhookSid}`);
    await endExecution(api, flow, sid);
    const isDispatched = () =>
      receiver.requests(tag).some(({ body, isAnswered }) => isAnswered && JSON.stringify(body).includes(sid));
    const isBack = async () => (await session.webhooks(conversation)).length > 0;
    const first = await poll(async () => {
      const back = await isBack();
      if (isDispatched()) return 'dispatched';
      return back ? 'back' : undefined;
    }, pollLimits);
    if (first === undefined) throw new RefusedError('the end of the execution did not reach the receiver');
    if (first === 'back') return likely('yes, before the end was dispatched', 'on');
    const later = await poll(async () => (await isBack()) || undefined, pollLimits);
    return later ? likely('yes, after the end was dispatched', 'late') : likely('no', 'off');
  },
});
