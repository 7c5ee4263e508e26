import { useEffect, useState } from 'preact/hooks';
import { control } from '../api';
import type { State } from '../state';
import type { Store } from '../store';
import { clockTime } from '../words';
import { ClockDialog } from './clock-dialog';
import { Dialog } from './dialog';
import { FaultsDialog } from './faults-dialog';
import { OptionsDialog } from './options-dialog';
import { SnapshotButtons } from './snapshot-buttons';

const CONNECTIONS = { connecting: 'connecting', live: 'live', lost: 'reconnecting' } as const;

/** Where this is, whether it is live, and what holds for all conversations. */
export function Header({ state, store }: { state: State; store: Store }) {
  const { connection, settings } = state;
  const [open, setOpen] = useState<'clock' | 'options' | 'faults' | 'reset' | null>(null);
  const close = () => setOpen(null);
  const now = useClock(settings?.aheadMs ?? 0);
  const changed = Object.entries(settings?.options ?? {}).filter(
    ([name, value]) => value !== defaultOf(settings?.definitions[name]),
  ).length;
  const isBadDay = settings !== null && hasFaults(settings.faults);
  return (
    <header class="top">
      <h1>Conversations emulator</h1>
      <span class="soft origin">{location.host}</span>
      <span class={`connection ${connection}`} role="status">
        {CONNECTIONS[connection]}
      </span>
      <span class="grow" />
      {settings !== null && (
        <div class="controls">
          <button type="button" title="The emulator's clock" onClick={() => setOpen('clock')}>
            <span class="announced">Clock: </span>
            {clockTime(now)}
            {Math.abs(settings.aheadMs) > 500 && <span class="soft"> {ahead(settings.aheadMs)}</span>}
          </button>
          <button type="button" onClick={() => setOpen('options')}>
            Options{changed > 0 && <span class="count">{changed}</span>}
          </button>
          <button type="button" class={isBadDay ? 'bad-day' : ''} onClick={() => setOpen('faults')}>
            Faults: {isBadDay ? 'on' : 'off'}
          </button>
          <button type="button" onClick={() => setOpen('reset')}>
            Reset
          </button>
          <SnapshotButtons store={store} />
        </div>
      )}
      {open === 'clock' && <ClockDialog store={store} onClose={close} />}
      {settings !== null && open === 'options' && (
        <OptionsDialog settings={settings} store={store} onClose={close} />
      )}
      {settings !== null && open === 'faults' && (
        <FaultsDialog faults={settings.faults} store={store} onClose={close} />
      )}
      {open === 'reset' && (
        <Dialog title="Reset" onClose={close}>
          <p>Everything returns to the start: conversations, lists, clock, options and faults.</p>
          <div class="buttons">
            <button
              type="button"
              class="danger"
              onClick={async () => {
                if (await store.act(() => control('POST', '/reset'), 'Reset.')) close();
              }}
            >
              Reset everything
            </button>
          </div>
        </Dialog>
      )}
    </header>
  );
}

/** The emulator's time, each second. */
function useClock(aheadMs: number): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Date.now() + aheadMs;
}

/** Behind the machine's clock after a snapshot was loaded. */
function ahead(ms: number): string {
  return ms < 0 ? `−${duration(-ms)}` : `+${duration(ms)}`;
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} d`;
}

function defaultOf(definition: { values?: (string | number)[]; integer?: number } | undefined) {
  return definition?.integer ?? definition?.values?.[0];
}

function hasFaults({
  faults,
  lag,
  deliveries,
}: {
  faults: unknown[];
  lag?: unknown;
  deliveries?: unknown;
}): boolean {
  return faults.length > 0 || Boolean(lag) || Object.values(Object(deliveries)).some((value) => value !== 0);
}
