import { RefusedError } from '../api';
import { certain, forOption } from '../question';

const STARTED = 'com.twilio.studio.flow.execution.started';
/** Never resolves: the account's own events go nowhere. https://www.rfc-editor.org/rfc/rfc2606 */
const NOWHERE = 'https://conversation-webhooks-probe.invalid/';

export const sinkSharing = forOption('sinkSharing', {
  name: 'sink-sharing',
  asks: 'whether an Event Streams sink takes more than one subscription',
  requests: 7,
  async ask(session) {
    const sink = await session.createSink(NOWHERE);
    await session.subscribe(sink);
    try {
      await session.subscribe(sink, STARTED);
      return certain('yes', 'accept');
    } catch (error) {
      if (!(error instanceof RefusedError && error.reply)) throw error;
      return certain(`no: ${error.reply.status}, error ${error.reply.code}`, 'refuse');
    }
  },
});
