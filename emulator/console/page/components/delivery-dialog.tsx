import { control } from '../api';
import { curlOf } from '../curl';
import type { Store } from '../store';
import type { Delivery } from '../types';
import { outcomeOf } from '../words';
import { Dialog } from './dialog';
import { Json } from './json';

interface Props {
  delivery: Delivery;
  store: Store;
  onClose: () => void;
}

/** One delivery: its request, its signature and its response; to copy, and to send again. */
export function DeliveryDialog({ delivery, store, onClose }: Props) {
  const { id, event_type, method, url, signature, params, events, response, execution_sid } = delivery;
  const curl = curlOf(delivery);
  const copy = (text: string) => store.act(() => navigator.clipboard.writeText(text), 'Copied.');
  return (
    <Dialog title={`Delivery ${id}: ${event_type}`} wide onClose={onClose}>
      <p class="verdict">{outcomeOf(delivery)}</p>
      <div class="buttons left">
        {curl !== undefined && (
          <button type="button" onClick={() => copy(curl)}>
            Copy as curl
          </button>
        )}
        <button
          type="button"
          onClick={() => store.act(() => control('POST', `/deliveries/${id}/again`), 'Sent again.')}
        >
          Send again
        </button>
      </div>
      <dl>
        {url !== null && (
          <>
            <dt>Request</dt>
            <dd>
              <code>
                {method} {url}
              </code>
            </dd>
            <dt>X-Twilio-Signature</dt>
            <dd>
              <code>{signature}</code>
            </dd>
          </>
        )}
        {execution_sid !== null && (
          <>
            <dt>Execution</dt>
            <dd>
              <code>{execution_sid}</code>
            </dd>
          </>
        )}
      </dl>
      <h3>{events === null ? 'Parameters' : 'Events'}</h3>
      <Json value={events ?? params} />
      {response !== null && (
        <>
          <h3>Response</h3>
          <Json value={response.body === '' ? '(empty)' : response.body} />
        </>
      )}
    </Dialog>
  );
}
