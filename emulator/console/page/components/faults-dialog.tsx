import { control, controlJson } from '../api';
import type { Store } from '../store';
import type { FaultSet } from '../types';
import { Dialog } from './dialog';
import { Field } from './field';
import { Form } from './form';
import { Json } from './json';

/** A bit of everything that can go wrong between Twilio and the functions. */
const BAD_DAY = {
  faults: [
    { when: { probability: 0.1 }, do: { status: 429, retry_after: 1 } },
    { match: { path: '*/Webhooks*' }, when: { probability: 0.05 }, do: { drop: 'after' } },
    { when: { probability: 0.05 }, do: { status: 503 } },
  ],
  lag: 500,
  deliveries: { duplicate: 0.1, delay: [0, 300], reorder: 0.1 },
};

interface Props {
  faults: FaultSet;
  store: Store;
  onClose: () => void;
}

/** Faults of the API and of deliveries: one switch for many, or each as JSON. */
export function FaultsDialog({ faults, store, onClose }: Props) {
  const add = (json: string) => store.act(() => controlJson('POST', '/faults', json));
  return (
    <Dialog title="Faults" wide onClose={onClose}>
      <p>
        A bad day: a tenth of the API's requests is throttled, some fail or lose their response, lists are
        half a second behind, and events come late, twice or in the wrong order.
      </p>
      <div class="buttons left">
        <button type="button" onClick={() => add(JSON.stringify(BAD_DAY))}>
          Begin a bad day
        </button>
        <button type="button" onClick={() => store.act(() => control('DELETE', '/faults'))}>
          Remove all faults
        </button>
      </div>
      <h3>Now</h3>
      <Json value={faults} />
      <Form submit="Add" onSubmit={({ json = '' }) => add(json)}>
        <Field
          label="Add a fault"
          hint="JSON, as in docs/emulator.md. It applies to requests under /v1 and /v2."
        >
          <textarea
            name="json"
            rows={4}
            defaultValue={
              '{"match": {"method": "POST", "path": "*/Webhooks"}, "when": {"count": 1}, "do": {"drop": "after"}}'
            }
          />
        </Field>
      </Form>
    </Dialog>
  );
}
