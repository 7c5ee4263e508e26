import { useState } from 'preact/hooks';
import { control, rest } from '../api';
import type { Store } from '../store';
import type { Summary } from '../types';
import { channelOf, nameOf } from '../words';
import { Field } from './field';

const MEDIA = ['image/jpeg', 'application/pdf', 'audio/ogg'];
const SOURCES = { chat: 'SDK', SMS: 'SMS', WhatsApp: 'whatsapp' } as const;

/** Writes as a participant, or as a program over the REST API. */
export function Composer({ summary, store }: { summary: Summary; store: Store }) {
  const { conversation, participants } = summary;
  const speakers = participants.map((participant) => ({
    value: participant.sid,
    label: `${nameOf(participant)} · ${channelOf(participant)}`,
  }));
  const [chosen, setChosen] = useState<string | undefined>();
  const known = speakers.some(({ value }) => value === chosen) || chosen?.startsWith('rest');
  const speaker = known ? chosen : (speakers[0]?.value ?? 'rest-fires');
  const participant = participants.find(({ sid }) => sid === speaker);
  const [body, setBody] = useState('');

  const send = async (form: HTMLFormElement) => {
    const { Attributes, Type } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const path = `${conversation.sid}/messages`;
    const isSent = await store.act(() =>
      participant === undefined
        ? rest('POST', conversation, `/Conversations/${conversation.sid}/Messages`, {
            form: { Author: 'bot', Body: body, Attributes, MediaSid: Type ? newMediaSid() : undefined },
            fires: speaker === 'rest-fires',
          })
        : control('POST', `/conversations/${path}`, {
            Source: SOURCES[channelOf(participant) as keyof typeof SOURCES],
            Author: nameOf(participant),
            Body: body,
            Attributes,
            Media: Type ? mediaOf(Type) : undefined,
          }),
    );
    if (!isSent) return;
    setBody('');
    form.reset();
    store.showNewest();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send(event.currentTarget);
      }}
    >
      <div class="compose-row">
        <select
          aria-label="Write as"
          value={speaker}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          {speakers.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          <option value="rest-fires">bot · REST API, webhooks hear it</option>
          <option value="rest-silent">bot · REST API, silent</option>
        </select>
        <input
          aria-label="Message"
          placeholder={`Write as ${participant === undefined ? 'a bot' : nameOf(participant)}`}
          value={body}
          autocomplete="off"
          onInput={({ currentTarget }) => setBody(currentTarget.value)}
        />
        <button type="submit" class="primary">
          Send
        </button>
      </div>
      <details>
        <summary>Attributes and media</summary>
        <div class="columns">
          <Field label="Attributes" hint="JSON">
            <input name="Attributes" placeholder='{"lang": "en"}' />
          </Field>
          <Field label="Media">
            <select name="Type">
              <option value="">none</option>
              {MEDIA.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          </Field>
        </div>
      </details>
    </form>
  );
}

const newMediaSid = () => `ME${crypto.randomUUID().replaceAll('-', '')}`;

function mediaOf(type: string): string {
  const Filename = `file.${type.split('/')[1]}`;
  return JSON.stringify([{ Sid: newMediaSid(), Filename, ContentType: type, Size: 1024 }]);
}
