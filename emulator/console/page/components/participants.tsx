import { useState } from 'preact/hooks';
import { control, rest } from '../api';
import type { Store } from '../store';
import type { Summary } from '../types';
import { channelOf, nameOf } from '../words';
import { Dialog } from './dialog';
import { Field } from './field';
import { Form } from './form';

/** Who is in the conversation, and who joins and leaves. */
export function Participants({ summary, store }: { summary: Summary; store: Store }) {
  const [joining, setJoining] = useState(false);
  const { conversation, participants } = summary;
  const canChange = conversation.state !== 'closed';
  const path = `/Conversations/${conversation.sid}/Participants`;
  return (
    <div class="participants">
      <ul aria-label="Participants">
        {participants.slice(0, 12).map((participant) => (
          <li key={participant.sid}>
            {nameOf(participant)} <span class="soft">{channelOf(participant)}</span>
            {canChange && (
              <button
                type="button"
                class="plain"
                aria-label={`Remove ${nameOf(participant)}`}
                title="Leaves the conversation"
                onClick={() => store.act(() => rest('DELETE', conversation, `${path}/${participant.sid}`))}
              >
                ×
              </button>
            )}
          </li>
        ))}
        {participants.length > 12 && <li>and {participants.length - 12} more</li>}
      </ul>
      {canChange && (
        <button type="button" class="quiet" onClick={() => setJoining(true)}>
          Join…
        </button>
      )}
      {joining && <Join summary={summary} store={store} onClose={() => setJoining(false)} />}
    </div>
  );
}

function Join({ summary, store, onClose }: { summary: Summary; store: Store; onClose: () => void }) {
  const join = async (values: Record<string, string>) => {
    const path = `/conversations/${summary.conversation.sid}/participants`;
    if (await store.act(() => control('POST', path, values))) onClose();
  };
  return (
    <Dialog title="Join" onClose={onClose}>
      <Form submit="Join by chat" onSubmit={join}>
        <Field label="Identity">
          <input name="Identity" required placeholder="ann" />
        </Field>
      </Form>
      <hr />
      <Form submit="Join by phone" onSubmit={join}>
        <Field label="Address" hint="whatsapp:+… for WhatsApp, here and below.">
          <input name="MessagingBinding.Address" required placeholder="+15005550123" />
        </Field>
        <Field label="Proxy address">
          <input name="MessagingBinding.ProxyAddress" required defaultValue="+15005550001" />
        </Field>
      </Form>
    </Dialog>
  );
}
