import { ENDED, type Sink, type Step } from './step';

/**
 * What sends us the end of Studio executions. A sink can be changed in nothing but its description, so one that does not
 * work is replaced; and it may take only one subscription, so the one that is there is made use of.
 * @param sinks those that point here
 */
export function planStreams(sinks: readonly Sink[], destination: string): Step[] {
  const working = sinks.filter(works);
  const useless = sinks.filter((sink) => !works(sink));
  return [...subscribing(working, destination), ...planStreamsRemoval(useless)];
}

/** Takes our event away, and what is left with no other: what somebody else added stays, and with it what carries it. */
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

function subscribing(sinks: readonly Sink[], destination: string): Step[] {
  const subscriptions = sinks.flatMap((sink) => sink.subscriptions);
  if (subscriptions.some(({ types }) => types.includes(ENDED))) return [];
  const [subscription] = subscriptions;
  if (subscription) return [{ kind: 'add event', subscription: subscription.sid }];
  const [sink] = sinks;
  if (sink) return [{ kind: 'subscribe', sink: sink.sid }];
  return [{ kind: 'create sink', destination }, { kind: 'subscribe' }];
}

const works = ({ method, status }: Sink) => method.toUpperCase() === 'POST' && status !== 'failed';
