import { ENDED, type Sink, type Step } from './step';

/**
 * Has the end of Studio executions sent here. Only the description of a sink can be changed, so one that does not work is
 * replaced; and a sink may take only one subscription, so an existing one gets the event.
 * @param sinks those that point here
 */
export function planStreams(sinks: readonly Sink[], destination: string): Step[] {
  const working = sinks.filter(works);
  const broken = sinks.filter((sink) => !works(sink));
  return [...subscribe(working, destination), ...planStreamsRemoval(broken)];
}

/** Removes our event, then subscriptions and sinks without other events. Events that somebody else added stay. */
export function planStreamsRemoval(sinks: readonly Sink[]): Step[] {
  return sinks.flatMap(({ sid, subscriptions }): Step[] => {
    const shared = subscriptions.filter(({ types }) => types.some((type) => type !== ENDED));
    return [
      ...subscriptions.flatMap((subscription): Step[] => {
        if (!shared.includes(subscription)) return [{ kind: 'delete subscription', sid: subscription.sid }];
        const has = subscription.types.includes(ENDED);
        return has ? [{ kind: 'remove event', subscription: subscription.sid }] : [];
      }),
      ...(shared.length === 0 ? [{ kind: 'delete sink' as const, sid }] : []),
    ];
  });
}

function subscribe(sinks: readonly Sink[], destination: string): Step[] {
  const subscriptions = sinks.flatMap((sink) => sink.subscriptions);
  if (subscriptions.some(({ types }) => types.includes(ENDED))) return [];
  const [subscription] = subscriptions;
  if (subscription) return [{ kind: 'add event', subscription: subscription.sid }];
  const [sink] = sinks;
  if (sink) return [{ kind: 'subscribe', sink: sink.sid }];
  return [{ kind: 'create sink', destination }, { kind: 'subscribe' }];
}

const works = ({ method, status }: Sink) => method.toUpperCase() === 'POST' && status !== 'failed';
