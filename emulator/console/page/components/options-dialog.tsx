import { control } from '../api';
import type { Store } from '../store';
import type { OptionDefinition, Settings } from '../types';
import { Dialog } from './dialog';

interface Props {
  settings: Settings;
  store: Store;
  onClose: () => void;
}

/** What is not known of Twilio, each with its plausible values. */
export function OptionsDialog({ settings: { options, definitions }, store, onClose }: Props) {
  const change = (name: string, value: string) =>
    store.act(() => control('POST', '/options', { [name]: value }));
  return (
    <Dialog title="Options" wide onClose={onClose}>
      <p>Where Twilio's behaviour is not known, there is an option. The first value is the default.</p>
      <div class="options">
        {Object.entries(definitions).map(([name, definition]) => (
          <label key={name} class="option" htmlFor={name}>
            <span>
              <code>{name}</code>
              <small>{definition.why}</small>
            </span>
            <Value
              id={name}
              definition={definition}
              value={String(options[name])}
              onChange={(value) => change(name, value)}
            />
          </label>
        ))}
      </div>
    </Dialog>
  );
}

interface ValueProps {
  id: string;
  definition: OptionDefinition;
  value: string;
  onChange: (value: string) => void;
}

function Value({ id, definition: { values }, value, onChange }: ValueProps) {
  if (values === undefined)
    return (
      <input
        id={id}
        inputMode="numeric"
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  return (
    <select id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      {values.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </select>
  );
}
