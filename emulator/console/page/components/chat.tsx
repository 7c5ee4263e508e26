import { useState } from 'preact/hooks';
import { control, rest } from '../api';
import type { Open, State } from '../state';
import type { Store } from '../store';
import type { Summary } from '../types';
import { profileOf, shortSid, stateWord, titleOf } from '../words';
import { Composer } from './composer';
import { ConversationDialog } from './conversation-dialog';
import { Messages } from './messages';
import { Participants } from './participants';

export function Chat({ state: { open, conversations, sid }, store }: { state: State; store: Store }) {
  const { summary } = open;
  if (summary === null)
    return (
      <>
        <header class="panel-head">
          <h2 id="chat">Chat</h2>
        </header>
        <p class="empty">
          {sid !== null && conversations.length > 0 ? 'Loading…' : 'Create a conversation to begin.'}
        </p>
      </>
    );
  return <OpenChat key={summary.conversation.sid} open={open} summary={summary} store={store} />;
}

function OpenChat({ open, summary, store }: { open: Open; summary: Summary; store: Store }) {
  const [editing, setEditing] = useState(false);
  const { conversation, webhooks } = summary;
  const { sid, state } = conversation;
  const profile = profileOf(webhooks);
  const setState = (to: string) =>
    store.act(() => rest('POST', conversation, `/Conversations/${sid}`, { form: { State: to } }));
  const park = () => store.act(() => control('POST', `/conversations/${sid}/state`, { State: 'inactive' }));
  return (
    <>
      <header class="panel-head chat-head">
        <h2 id="chat">
          <span class="announced">Chat: </span>
          {titleOf(summary)}
        </h2>
        <span class="chips">
          {profile !== undefined && <span class="chip accent">{profile}</span>}
          <span class={`chip ${state}`}>{stateWord(conversation)}</span>
        </span>
        <span class="actions">
          {state === 'active' && (
            <button type="button" title="As Twilio's inactivity timer does" onClick={park}>
              Park
            </button>
          )}
          {state === 'inactive' && (
            <button type="button" onClick={() => setState('active')}>
              Re-open
            </button>
          )}
          {state !== 'closed' && (
            <button type="button" onClick={() => setState('closed')}>
              Close
            </button>
          )}
          <button type="button" onClick={() => setEditing(true)}>
            Edit
          </button>
        </span>
        <code class="sid" title={sid}>
          {shortSid(sid)}
        </code>
      </header>
      <Participants summary={summary} store={store} />
      <Messages open={open} summary={summary} store={store} />
      {state === 'closed' ? (
        <p class="empty closed-note">This conversation is closed. On Twilio that is final.</p>
      ) : (
        <Composer summary={summary} store={store} />
      )}
      {editing && <ConversationDialog summary={summary} store={store} onClose={() => setEditing(false)} />}
    </>
  );
}
