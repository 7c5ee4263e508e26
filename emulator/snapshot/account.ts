import type { DeliveryFaultRates } from '../faults/delivery-effects';
import type { FaultSpec } from '../faults/fault';
import type { SavedFaults } from '../faults/injector';
import { parseFault, parseRates } from '../faults/parse';
import { integer, object, oneOf } from '../faults/validate';
import type { Address, AutoCreation } from '../state/addresses';
import {
  type Sink,
  type SinkStatus,
  type SubscribedEvent,
  type Subscription,
  sinkStatuses,
} from '../state/event-streams';
import { defaultOptions, type Options, setOption } from '../state/options';
import type { Execution, SavedStudio } from '../state/studio';
import { refuse } from '../twilio/errors';
import type { EventParams } from '../twilio/event-types';
import {
  adapt,
  type Codec,
  checked,
  choice,
  indexBy,
  keyed,
  list,
  nullable,
  plain,
  record,
  sorted,
  withDefault,
} from './codec';
import { count, flag, isoDate, serial, sid, stored, text, url } from './fields';
import { configuration } from './services';

export const addresses = checked(
  sorted(
    record<Address>({
      ...stored('IG'),
      type: choice<Address['type']>({ sms: true, whatsapp: true }),
      address: text,
      country: nullable(text),
      friendlyName: nullable(text),
      autoCreation: record<AutoCreation>({
        enabled: flag,
        type: choice<AutoCreation['type']>({ webhook: true, studio: true, default: true }),
        serviceSid: nullable(sid('IS')),
        configuration: nullable(configuration),
        studioRetryCount: count,
      }),
    }),
  ),
  (all, path) => {
    indexBy(all, 'sid', path);
    indexBy(all, 'address', path);
  },
);

export const sinks = keyed(
  record<Sink>({
    ...stored('DG'),
    description: text,
    destination: url,
    method: text,
    batchEvents: flag,
    // Earlier versions had no other status.
    status: withDefault(plain<SinkStatus>(oneOf(...sinkStatuses)), 'active'),
  }),
  'sid',
);

/** A subscription with the SID of its sink instead of the sink. */
export type SavedSubscription = Omit<Subscription, 'sink'> & { sinkSid: string };

export const subscriptions = keyed(
  record<SavedSubscription>({
    ...stored('DF'),
    description: text,
    sinkSid: sid('DG'),
    events: keyed(record<SubscribedEvent>({ serial, type: text, schemaVersion: serial }), 'type'),
  }),
  'sid',
);

/** An option that is left out has its default: a later version may have more of them. */
export const options: Codec<Options> = {
  save: (value) => ({ ...value }),
  load: (json, path) => {
    const options = defaultOptions();
    for (const [name, value] of Object.entries(plain<object>(object).load(json, path))) {
      try {
        setOption(options, name, String(value));
      } catch (error) {
        refuse(20001, `${path}: ${(error as Error).message}`);
      }
    }
    return options;
  },
};

export const faults = record<SavedFaults>({
  seed: text,
  lag: plain(integer(0, 60_000)),
  deliveries: {
    save: (rates) => rates,
    load: (json, path): DeliveryFaultRates => parseRates(path, json),
  },
  drawn: count,
  faults: list(
    record<SavedFaults['faults'][number]>({
      spec: { save: (spec) => spec, load: (json, path): FaultSpec => parseFault(path, json) },
      seen: count,
      met: count,
      drawn: count,
    }),
  ),
});

const params = plain<EventParams>({
  mustBe: 'an object of strings',
  accepts: (value) =>
    object.accepts(value) && Object.values(Object(value)).every((item) => typeof item === 'string'),
});

const execution = record<SavedStudio['executions'][number]>({
  serial,
  sid: sid('FN'),
  flow_sid: sid('FW'),
  conversation_sid: sid('CH'),
  contact_channel_address: text,
  started_by: text,
  webhook_sid: nullable(sid('WH')),
  status: choice<Execution['status']>({ active: true, ended: true }),
  ended_reason: nullable(text),
  trigger: record<Execution['trigger']>({ conversation: plain(object) }),
  date_created: isoDate,
  date_updated: isoDate,
});

export const studio = checked(
  record<SavedStudio>({
    serial: count,
    executions: adapt(
      keyed(execution, 'sid'),
      (all) => indexBy(all, 'sid', ''),
      (bySid) => [...bySid.values()],
    ),
    finished: list(sid('FN')),
    messages: list(record<SavedStudio['messages'][number]>({ execution_sid: sid('FN'), params })),
  }),
  ({ serial, executions, finished, messages }, path) => {
    const sids = new Set(executions.map((each) => each.sid));
    const refuseUnknown = (execution: string, at: string) =>
      sids.has(execution) || refuse(20001, `${path}.${at} must be the SID of one of the executions`);
    for (const [index, each] of finished.entries()) refuseUnknown(each, `finished[${index}]`);
    for (const [index, each] of messages.entries())
      refuseUnknown(each.execution_sid, `messages[${index}].execution_sid`);
    if ((executions.at(-1)?.serial ?? 0) > serial)
      refuse(20001, `${path}.serial must not be less than that of an execution`);
    refuseTwoActive(executions, new Set(finished), path);
  },
);

// A delivery goes to the one that is not finished.
function refuseTwoActive(
  executions: SavedStudio['executions'],
  finished: ReadonlySet<string>,
  path: string,
): void {
  const active = new Set<string>();
  for (const [index, { sid, status, conversation_sid, flow_sid }] of executions.entries()) {
    if (finished.has(sid)) continue;
    const at = `${path}.executions[${index}]`;
    if (status === 'ended') refuse(20001, `${at} has ended, but is not in ${path}.finished`);
    const key = `${conversation_sid} ${flow_sid}`;
    if (active.has(key)) refuse(20001, `${at} is the second active one of its flow and conversation`);
    active.add(key);
  }
}
