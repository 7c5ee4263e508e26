import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { decisionOf } from '../decision';
import type { Open } from '../state';
import type { Store } from '../store';
import type { Message, Summary } from '../types';
import { clockTime, roleOf, sourceOf } from '../words';
import { MessageDialog } from './message-dialog';

interface Props {
  open: Open;
  summary: Summary;
  store: Store;
}

/** A window of the messages, with the hand-offs between them. */
export function Messages({ open, summary, store }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const { messages, total, follows } = open;
  const last = messages.at(-1);
  const first = messages[0]?.index ?? 0;
  const earlierFirst = useRef(first);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (follows && isAtEnd.current && list.current !== null)
      list.current.scrollTop = list.current.scrollHeight;
  }, [last?.sid, follows]);
  // What was on top stays in sight when earlier messages come above it.
  useLayoutEffect(() => {
    if (first < earlierFirst.current)
      list.current
        ?.querySelector(`[data-index="${earlierFirst.current}"]`)
        ?.scrollIntoView({ block: 'start' });
    earlierFirst.current = first;
  }, [first]);
  const moves = movesByMessage(open);
  const message = messages.find(({ sid }) => sid === selected);
  const hasEarlier = messages.length < total && first !== 0;
  return (
    <>
      <ol
        class="messages"
        ref={list}
        aria-label="Messages"
        onKeyDown={moveByArrow}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollTop + clientHeight > scrollHeight - 40;
        }}
      >
        {hasEarlier && (
          <li class="more">
            <button type="button" class="quiet" onClick={() => store.act(() => store.showMore('earlier'))}>
              Earlier messages
            </button>
          </li>
        )}
        {messages.length === 0 && <li class="empty">No message yet.</li>}
        {messages.map((each) => (
          <Bubble
            key={each.sid}
            message={each}
            moves={moves.get(each.index) ?? []}
            focusable={each.sid === last?.sid}
            onOpen={() => setSelected(each.sid)}
          />
        ))}
        {!follows && (
          <li class="more">
            <button type="button" class="quiet" onClick={() => store.act(() => store.showMore('later'))}>
              Later messages
            </button>
            <button
              type="button"
              class="quiet"
              onClick={() => {
                isAtEnd.current = true;
                store.showNewest();
              }}
            >
              Newest
            </button>
          </li>
        )}
      </ol>
      {message !== undefined && (
        <MessageDialog message={message} summary={summary} store={store} onClose={() => setSelected(null)} />
      )}
    </>
  );
}

interface BubbleProps {
  message: Message;
  moves: readonly string[];
  focusable: boolean;
  onOpen: () => void;
}

function Bubble({ message, moves, focusable, onOpen }: BubbleProps) {
  const { index, author, body, media, receipts, date_created, date_updated } = message;
  const receipt = receipts.at(-1);
  return (
    <>
      <li class={`message ${roleOf(message)}`} data-index={index}>
        <button
          type="button"
          class="bubble"
          tabIndex={focusable ? 0 : -1}
          aria-haspopup="dialog"
          onClick={onOpen}
        >
          <span class="body">{body}</span>
          {media?.map(({ filename, content_type }) => (
            <span class="media" key={filename}>
              {filename ?? content_type}
            </span>
          ))}
          <span class="meta">
            {index} · {author} · {sourceOf(message)} · {clockTime(date_created)}
            {date_updated !== date_created && ' · edited'}
            {receipt !== undefined && ` · ${receipt.status}`}
          </span>
        </button>
      </li>
      {moves.map((move) => (
        <li class="move" key={move}>
          {move}
        </li>
      ))}
    </>
  );
}

/** The decisions by the message that they were made on. */
function movesByMessage({ events, deliveries }: Open): Map<number, string[]> {
  const moves = new Map<number, string[]>();
  for (const { message_index, webhooks, replay } of events) {
    if (message_index === null || replay) continue;
    for (const { delivery_ids } of webhooks) {
      const [delivery] = delivery_ids.flatMap((id) => deliveries.get(id) ?? []);
      const decision = delivery && decisionOf(delivery);
      if (!decision?.move) continue;
      const { from, to } = decision.move;
      const text = `${decision.title}: ${from ?? 'unmanaged'} → ${to ?? 'unmanaged'}`;
      const known = moves.get(message_index) ?? [];
      if (!known.includes(text)) moves.set(message_index, [...known, text]);
    }
  }
  return moves;
}

function moveByArrow(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const next = buttons[at + step];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
