import { useEffect, useState } from 'preact/hooks';
import type { Store } from '../store';
import { Chat } from './chat';
import { ConversationList } from './conversation-list';
import { Header } from './header';
import { Notice } from './notice';
import { Slots } from './slots';
import { TimeLine } from './time-line';

const PANELS = ['Conversations', 'Chat', 'Slots', 'Time line'] as const;
type Panel = (typeof PANELS)[number];

/** The whole page. On a narrow screen it shows one panel at a time. */
export function App({ store }: { store: Store }) {
  const [state, setState] = useState(store.state);
  useEffect(() => store.subscribe(() => setState(store.state)), [store]);
  const [panel, setPanel] = useState<Panel>('Conversations');
  const shown = (name: Panel) => (name === panel ? 'panel shown' : 'panel');
  return (
    <>
      <Header state={state} store={store} />
      <nav class="tabs" aria-label="Panels">
        {PANELS.map((name) => (
          <button
            type="button"
            key={name}
            aria-current={name === panel ? 'page' : undefined}
            onClick={() => setPanel(name)}
          >
            {name}
          </button>
        ))}
      </nav>
      <main>
        <section class={shown('Conversations')} aria-labelledby="conversations">
          <ConversationList state={state} store={store} onSelect={() => setPanel('Chat')} />
        </section>
        <section class={shown('Chat')} aria-labelledby="chat">
          <Chat state={state} store={store} />
        </section>
        <section class={shown('Slots')} aria-labelledby="slots">
          <Slots state={state} store={store} />
        </section>
        <section class={shown('Time line')} aria-labelledby="time-line">
          <TimeLine state={state} store={store} />
        </section>
      </main>
      <Notice notice={state.notice} onClose={() => store.set({ notice: null })} />
    </>
  );
}
