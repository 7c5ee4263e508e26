import { useState } from 'preact/hooks';
import { control, defaultService, rest } from '../api';
import type { Store } from '../store';
import { Dialog } from './dialog';
import { Field } from './field';
import { FireWebhooks } from './fire-webhooks';
import { Form } from './form';

/** Creates a conversation as a customer does, by writing to a number, or over the API. */
export function NewConversation({ store, onClose }: { store: Store; onClose: () => void }) {
  const [way, setWay] = useState<'message' | 'api'>('message');
  const create = async (made: () => Promise<string>) => {
    const succeeded = await store.act(async () => {
      location.hash = `#/${await made()}`;
    });
    if (succeeded) onClose();
  };
  return (
    <Dialog title="New conversation" onClose={onClose}>
      <fieldset class="choice">
        <legend class="announced">How</legend>
        <button type="button" aria-pressed={way === 'message'} onClick={() => setWay('message')}>
          A customer writes
        </button>
        <button type="button" aria-pressed={way === 'api'} onClick={() => setWay('api')}>
          REST API
        </button>
      </fieldset>
      {way === 'message' ? (
        <Form
          submit="Send message"
          onSubmit={(values) =>
            create(async () => {
              const message = await control<{ conversation_sid: string }>('POST', '/inbound', values);
              return message.conversation_sid;
            })
          }
        >
          <Field
            label="From"
            hint="An unknown number opens a conversation if To has an address configuration."
          >
            <input name="From" required defaultValue={unknownNumber()} />
          </Field>
          <Field label="To">
            <input name="To" required defaultValue="+15005550001" />
          </Field>
          <Field label="By">
            <select name="Source">
              <option value="SMS">SMS</option>
              <option value="whatsapp">WhatsApp</option>
            </select>
          </Field>
          <Field label="Message">
            <input name="Body" required defaultValue="Hello, where is my order?" />
          </Field>
        </Form>
      ) : (
        <Form
          submit="Create"
          onSubmit={({ fires, ...form }) =>
            create(async () => {
              const options = { form, fires: fires !== undefined };
              const { sid } = await rest<{ sid: string }>('POST', defaultService, '/Conversations', options);
              return sid;
            })
          }
        >
          <Field label="Friendly name">
            <input name="FriendlyName" />
          </Field>
          <Field label="Unique name">
            <input name="UniqueName" />
          </Field>
          <FireWebhooks />
        </Form>
      )}
    </Dialog>
  );
}

const unknownNumber = () => `+1500555${String(Math.floor(Math.random() * 9000) + 1000)}`;
