import { useState } from 'preact/hooks';
import type { State } from '../state';
import type { Store } from '../store';
import type { Summary } from '../types';
import { clockTime, profileOf, stateWord, titleOf } from '../words';
import { NewConversation } from './new-conversation';
import { Pips } from './pips';

interface Props {
  state: State;
  store: Store;
  onSelect: () => void;
}

export function ConversationList({ state, store, onSelect }: Props) {
  const [creating, setCreating] = useState(false);
  const { conversations, total, search, sid } = state;
  return (
    <>
      <header class="panel-head">
        <h2 id="conversations">Conversations</h2>
        <button type="button" onClick={() => setCreating(true)}>
          New
        </button>
      </header>
      <input
        type="search"
        aria-label="Search conversations"
        placeholder="Name, number or SID"
        value={search}
        onInput={({ currentTarget }) => store.search(currentTarget.value)}
      />
      <ul class="conversations">
        {conversations.map((summary) => (
          <Item
            key={summary.conversation.sid}
            summary={summary}
            current={summary.conversation.sid === sid}
            onSelect={onSelect}
          />
        ))}
      </ul>
      {conversations.length === 0 && <p class="empty">{search === '' ? 'None yet.' : 'None found.'}</p>}
      {total > conversations.length && (
        <p class="empty">
          The newest {conversations.length} of {total}; search finds the others.
        </p>
      )}
      {creating && <NewConversation store={store} onClose={() => setCreating(false)} />}
    </>
  );
}

interface ItemProps {
  summary: Summary;
  current: boolean;
  onSelect: () => void;
}

function Item({ summary, current, onSelect }: ItemProps) {
  const { conversation, webhooks, last_message: last } = summary;
  const profile = profileOf(webhooks);
  return (
    <li>
      <a
        class={`conversation ${conversation.state}`}
        href={`#/${conversation.sid}`}
        aria-current={current ? 'true' : undefined}
        onClick={onSelect}
      >
        <span class="line">
          <b>{titleOf(summary)}</b>
          <time>{clockTime(last?.date_created ?? conversation.date_created).slice(0, 5)}</time>
        </span>
        <span class="preview">{last === null ? 'no message yet' : (last.body ?? 'media')}</span>
        <span class="line">
          <span class="chips">
            {profile !== undefined && <span class="chip accent">{profile}</span>}
            {conversation.state !== 'active' && <span class="chip">{stateWord(conversation)}</span>}
          </span>
          <Pips used={webhooks.length} />
        </span>
      </a>
    </li>
  );
}
