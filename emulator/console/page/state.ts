import type { Delivery, Execution, Message, Name, RecordedEvent, Settings, Summary, Webhook } from './types';

/** A change of a slot that the user should notice. */
export interface SlotChange {
  kind: 'attached' | 'changed' | 'detached';
  webhook: Webhook;
  /** When, on the browser's clock. */
  at: number;
}

/** The conversation on the screen. */
export interface Open {
  /** Null until it is loaded, or if it is gone. */
  summary: Summary | null;
  /** A window of the messages, oldest first. */
  messages: readonly Message[];
  total: number;
  /** Whether the window ends with the newest message, and follows new ones. */
  follows: boolean;
  events: readonly RecordedEvent[];
  deliveries: ReadonlyMap<number, Delivery>;
  executions: readonly Execution[];
  changes: readonly SlotChange[];
}

export interface Notice {
  kind: 'error' | 'done';
  text: string;
}

/** Everything that the page shows. It is replaced, never changed. */
export interface State {
  connection: 'connecting' | 'live' | 'lost';
  search: string;
  conversations: readonly Summary[];
  total: number;
  /** From the address: `#/CH…` */
  sid: string | null;
  open: Open;
  /** By SID of the webhook; those of webhooks that are gone stay. */
  names: ReadonlyMap<string, Name>;
  /** The origin of the functions; null: they do not respond; undefined: not known yet. */
  functions: string | null | undefined;
  settings: Settings | null;
  notice: Notice | null;
}

export const nothingOpen: Open = {
  summary: null,
  messages: [],
  total: 0,
  follows: true,
  events: [],
  deliveries: new Map(),
  executions: [],
  changes: [],
};

export const initialState: State = {
  connection: 'connecting',
  search: '',
  conversations: [],
  total: 0,
  sid: null,
  open: nothingOpen,
  names: new Map(),
  functions: undefined,
  settings: null,
  notice: null,
};

/** For how long a changed slot stands out. */
export const CHANGE_MS = 8_000;

/** The changes from one list of webhooks to the next, after those of before that still stand out. */
export function slotChanges(
  before: readonly Webhook[],
  after: readonly Webhook[],
  earlier: readonly SlotChange[],
  now: number,
): SlotChange[] {
  const settingsOf = ({ configuration }: Webhook) => JSON.stringify(configuration);
  const news = after.flatMap((webhook): SlotChange[] => {
    const known = before.find(({ sid }) => sid === webhook.sid);
    if (known === undefined) return [{ kind: 'attached', webhook, at: now }];
    return settingsOf(known) === settingsOf(webhook) ? [] : [{ kind: 'changed', webhook, at: now }];
  });
  const gone = before
    .filter(({ sid }) => !after.some((webhook) => webhook.sid === sid))
    .map((webhook): SlotChange => ({ kind: 'detached', webhook, at: now }));
  const changed = [...news, ...gone];
  return [
    ...earlier.filter(
      ({ webhook, at }) =>
        now - at < CHANGE_MS && !changed.some((change) => change.webhook.sid === webhook.sid),
    ),
    ...changed,
  ];
}
