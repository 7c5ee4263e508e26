import { control, rest } from '../api';
import type { Store } from '../store';
import type { Message, Summary } from '../types';
import { nameOf } from '../words';
import { Dialog } from './dialog';
import { Field } from './field';
import { FireWebhooks } from './fire-webhooks';
import { Form } from './form';

const STATUSES = ['sent', 'delivered', 'read', 'failed', 'undelivered'];

interface Props {
  message: Message;
  summary: Summary;
  store: Store;
  onClose: () => void;
}

/** Edits or removes a message, or reports what became of it, as a carrier does. */
export function MessageDialog({ message, summary, store, onClose }: Props) {
  const { conversation, participants } = summary;
  const path = `/Conversations/${conversation.sid}/Messages/${message.sid}`;
  const act = async (action: () => Promise<unknown>) => {
    if (await store.act(action)) onClose();
  };
  const phones = participants.filter(({ messaging_binding }) => messaging_binding !== null);
  return (
    <Dialog title={`Message ${message.index}`} onClose={onClose}>
      <Form
        submit="Save"
        onSubmit={({ fires, ...form }) =>
          act(() => rest('POST', conversation, path, { form, fires: fires !== undefined }))
        }
      >
        <Field label="Body">
          <textarea name="Body" rows={3} defaultValue={message.body ?? ''} />
        </Field>
        <Field label="Attributes" hint="JSON">
          <textarea name="Attributes" rows={2} defaultValue={message.attributes} />
        </Field>
        <FireWebhooks />
      </Form>
      {phones.length > 0 && (
        <>
          <hr />
          <Form
            submit="Report"
            onSubmit={(form) =>
              act(() =>
                control('POST', `/conversations/${conversation.sid}/receipts`, {
                  ...form,
                  MessageSid: message.sid,
                }),
              )
            }
          >
            <Field label="Delivery receipt to">
              <select name="ParticipantSid">
                {phones.map((participant) => (
                  <option key={participant.sid} value={participant.sid}>
                    {nameOf(participant)}
                  </option>
                ))}
              </select>
            </Field>
            <Field label="Status">
              <select name="Status">
                {STATUSES.map((status) => (
                  <option key={status} selected={status === 'delivered'}>
                    {status}
                  </option>
                ))}
              </select>
            </Field>
            <Field label="Error code" hint="For failed and undelivered, such as 30003.">
              <input name="ErrorCode" inputMode="numeric" />
            </Field>
          </Form>
        </>
      )}
      <div class="buttons danger-zone">
        <button type="button" class="danger" onClick={() => act(() => rest('DELETE', conversation, path))}>
          Remove message
        </button>
      </div>
    </Dialog>
  );
}
