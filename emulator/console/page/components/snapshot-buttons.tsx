import { useRef } from 'preact/hooks';
import { controlJson } from '../api';
import type { Store } from '../store';

/** Saves the emulator's state as a file, and loads such a file. */
export function SnapshotButtons({ store }: { store: Store }) {
  const input = useRef<HTMLInputElement>(null);
  const load = async (file: File) => controlJson('POST', '/snapshot', await file.text());
  return (
    <>
      <button type="button" title="Download the emulator's state as a file" onClick={save}>
        Save
      </button>
      <button
        type="button"
        title="Replace the emulator's state by that of a file"
        onClick={() => input.current?.click()}
      >
        Load
      </button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        aria-label="Snapshot"
        hidden
        onChange={async ({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file !== undefined) await store.act(() => load(file), `Loaded ${file.name}.`);
          // So that the same file can be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}

function save(): void {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const link = document.createElement('a');
  Object.assign(link, { href: '/_emulator/snapshot', download: `emulator-${time}.json` }).click();
}
