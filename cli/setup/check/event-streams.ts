import { ENDED, type Sink } from '../step';
import type { Check, Finding } from './finding';
import type { SetupCommand } from './webhooks';

interface Facts {
  /** Whether the end of Studio executions has to be reported. */
  readonly needed: boolean;
  readonly destination: string;
  /** Those that call it. */
  readonly sinks: readonly Sink[];
  readonly setup: SetupCommand;
}

export const eventStreams: Check<Facts> = {
  code: 'event-streams',
  healthy: 'the end of Studio executions is reported, or the policy has no Studio flow',
  find({ needed, destination, sinks, setup }) {
    if (!needed || sinks.some((sink) => works(sink) && subscribes(sink))) return [];
    const [sink] = sinks.toSorted((a, b) => Number(works(b)) - Number(works(a)));
    return [
      sink
        ? issueOf(sink, setup())
        : { detail: `no Event Streams sink calls ${destination}`, remedy: setup() },
    ];
  },
};

const works = ({ status, method }: Sink) => status === 'active' && isPost(method);

const subscribes = ({ subscriptions }: Sink) => subscriptions.some(({ types }) => types.includes(ENDED));

const isPost = (method: string) => method.toUpperCase() === 'POST';

function issueOf({ sid, status, method, subscriptions }: Sink, setup: string): Finding {
  const found = (detail: string, remedy = setup): Finding => ({ detail, remedy, sink: sid });
  if (!isPost(method)) return found(`sink ${sid} has method ${method}; events are sent by POST`);
  if (status === 'failed') return found(`sink ${sid} has failed, so Twilio sends it nothing`);
  if (status !== 'active')
    return found(
      `sink ${sid} is ${status}, not active, so Twilio sends it nothing`,
      `wait a minute; if it stays ${status}, delete its subscription and the sink: Twilio Console, Event Streams, Manage; then ${setup}`,
    );
  const without = subscriptions.length > 0 ? `is not subscribed to ${ENDED}` : 'has no subscription';
  return found(`sink ${sid} ${without}`);
}
