import { useState } from 'preact/hooks';
import type { State } from '../state';
import type { Store } from '../store';
import type { Delivery, Name, RecordedEvent } from '../types';
import { clockTime, outcomeOf, reasonWords, subjectOf, succeeded, webhookName } from '../words';
import { DecisionCard } from './decision-card';
import { DeliveryDialog } from './delivery-dialog';

/** Every event of the conversation, the newest first: whom it reached, why not, and what was decided. */
export function TimeLine({ state: { open, names }, store }: { state: State; store: Store }) {
  const [selected, setSelected] = useState<number | null>(null);
  const delivery = open.deliveries.get(selected ?? -1);
  return (
    <>
      <header class="panel-head">
        <h2 id="time-line">Time line</h2>
        <span class="soft">newest first</span>
      </header>
      {open.events.length === 0 && <p class="empty">No event yet. Write a message.</p>}
      <ol class="events">
        {open.events.map((event) => (
          <EventItem
            key={event.id}
            event={event}
            deliveries={open.deliveries}
            names={names}
            onOpen={setSelected}
          />
        ))}
      </ol>
      {delivery !== undefined && (
        <DeliveryDialog delivery={delivery} store={store} onClose={() => setSelected(null)} />
      )}
    </>
  );
}

interface EventProps {
  event: RecordedEvent;
  deliveries: ReadonlyMap<number, Delivery>;
  names: ReadonlyMap<string, Name>;
  onOpen: (id: number) => void;
}

function EventItem({ event, deliveries, names, onOpen }: EventProps) {
  const { event_type, date, params, reason, message, webhooks, replay } = event;
  const made = webhooks.flatMap(({ delivery_ids }) => delivery_ids.flatMap((id) => deliveries.get(id) ?? []));
  return (
    <li class={`event ${made.length > 0 ? 'delivered' : ''} ${replay ? 'replay' : ''}`}>
      <div class="line">
        <b>{event_type}</b>
        <span class="soft subject">{subjectOf(event)}</span>
        <time>{clockTime(date)}</time>
      </div>
      {params.Body !== undefined && <p class="quote">{params.Body}</p>}
      {message !== null && <p class="why">Not delivered. {message}</p>}
      {reason === null && (
        <ul class="reached">
          {webhooks.map((webhook) => (
            <WebhookRow
              key={`${webhook.level} ${webhook.webhook_sid}`}
              name={webhookName(webhook, names)}
              why={webhook.reason && { short: reasonWords(webhook.reason), sentence: webhook.message ?? '' }}
              deliveries={webhook.delivery_ids.flatMap((id) => deliveries.get(id) ?? [])}
              onOpen={onOpen}
            />
          ))}
        </ul>
      )}
      {made.map((delivery) => (
        <DecisionCard key={delivery.id} delivery={delivery} />
      ))}
    </li>
  );
}

interface RowProps {
  name: string;
  /** Why it was not delivered. */
  why: { short: string; sentence: string } | null;
  deliveries: readonly Delivery[];
  onOpen: (id: number) => void;
}

function WebhookRow({ name, why, deliveries, onOpen }: RowProps) {
  if (why !== null)
    return (
      <li class="not">
        <span class="mark" aria-hidden="true">
          –
        </span>
        <span class="name">{name}</span>
        <span class="outcome" title={why.sentence}>
          {why.short}
        </span>
      </li>
    );
  return (
    <>
      {deliveries.map((delivery) => (
        <li key={delivery.id} class={markOf(delivery)}>
          <span class="mark" aria-hidden="true">
            {{ ok: '✓', bad: '✕', pending: '…' }[markOf(delivery)]}
          </span>
          <span class="name">{name}</span>
          <button
            type="button"
            class="outcome quiet"
            aria-haspopup="dialog"
            onClick={() => onOpen(delivery.id)}
          >
            {delivery.duplicate_of !== null && 'again · '}
            {outcomeOf(delivery)}
          </button>
        </li>
      ))}
    </>
  );
}

function markOf(delivery: Delivery): 'ok' | 'bad' | 'pending' {
  if (delivery.outcome === 'pending') return 'pending';
  return succeeded(delivery) ? 'ok' : 'bad';
}
