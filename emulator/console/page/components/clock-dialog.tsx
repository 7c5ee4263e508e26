import { control } from '../api';
import type { Store } from '../store';
import { Dialog } from './dialog';
import { Field } from './field';
import { Form } from './form';

const STEPS = { '1 min': 60, '10 min': 600, '1 h': 3_600, '1 day': 86_400 };

/** Moves the emulator's clock forward; it never goes back. */
export function ClockDialog({ store, onClose }: { store: Store; onClose: () => void }) {
  const advance = (seconds: string) => store.act(() => control('POST', '/clock', { advance: seconds }));
  return (
    <Dialog title="Clock" onClose={onClose}>
      <p>
        All dates come from this clock. Move it forward to see what time does; it cannot go back, except by a
        reset or a file that is loaded.
      </p>
      <div class="choice">
        {Object.entries(STEPS).map(([label, seconds]) => (
          <button type="button" key={label} onClick={() => advance(String(seconds))}>
            + {label}
          </button>
        ))}
      </div>
      <Form submit="Advance" onSubmit={({ seconds = '' }) => advance(seconds)}>
        <Field label="Seconds">
          <input name="seconds" inputMode="decimal" required />
        </Field>
      </Form>
    </Dialog>
  );
}
