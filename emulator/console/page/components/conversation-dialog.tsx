import { rest } from '../api';
import type { Store } from '../store';
import type { Summary } from '../types';
import { Dialog } from './dialog';
import { Field } from './field';
import { FireWebhooks } from './fire-webhooks';
import { Form } from './form';

/** Changes the fields that conditions can read, or deletes the conversation. */
export function ConversationDialog({
  summary,
  store,
  onClose,
}: {
  summary: Summary;
  store: Store;
  onClose: () => void;
}) {
  const { conversation } = summary;
  const path = `/Conversations/${conversation.sid}`;
  const act = async (action: () => Promise<unknown>) => {
    if (await store.act(action)) onClose();
  };
  return (
    <Dialog title="Conversation" onClose={onClose}>
      <p>
        <code>{conversation.sid}</code>
      </p>
      <Form
        submit="Save"
        onSubmit={({ fires, ...form }) =>
          act(() => rest('POST', conversation, path, { form, fires: fires !== undefined }))
        }
      >
        <Field label="Friendly name">
          <input name="FriendlyName" defaultValue={conversation.friendly_name ?? ''} />
        </Field>
        <Field label="Attributes" hint="JSON">
          <textarea name="Attributes" rows={5} defaultValue={conversation.attributes} />
        </Field>
        <FireWebhooks />
      </Form>
      <div class="buttons danger-zone">
        <button type="button" class="danger" onClick={() => act(() => rest('DELETE', conversation, path))}>
          Delete conversation
        </button>
      </div>
    </Dialog>
  );
}
