import { useState } from 'preact/hooks';
import { control } from '../api';
import type { Store } from '../store';
import type { Execution } from '../types';
import { clockTime, endOf, shortSid } from '../words';
import { Dialog } from './dialog';
import { Json } from './json';

const SHOWN = 5;

/** The flows that run or ran for the conversation, the newest first. */
export function Executions({ executions, store }: { executions: readonly Execution[]; store: Store }) {
  const [open, setOpen] = useState<string | null>(null);
  const shown = executions.toReversed().slice(0, SHOWN);
  const execution = executions.find(({ sid }) => sid === open);
  if (executions.length === 0) return null;
  return (
    <>
      <header class="panel-head second">
        <h2>Studio executions</h2>
        <span class="soft">{executions.length > SHOWN && `newest ${SHOWN} of ${executions.length}`}</span>
      </header>
      <ul class="slots">
        {shown.map((each) => (
          <li key={each.sid} class="slot">
            <div class="line">
              <b title={each.sid}>{shortSid(each.sid)}</b>
              <span class={`chip ${each.status === 'active' ? 'accent' : ''}`}>{each.status}</span>
            </div>
            <p class="soft">
              flow {shortSid(each.flow_sid)} · {each.messages.length}{' '}
              {each.messages.length === 1 ? 'message' : 'messages'} · since {clockTime(each.date_created)}
            </p>
            {each.status === 'ended' && <p class="soft">{endOf(each)}</p>}
            <div class="buttons left">
              <button type="button" class="quiet" onClick={() => setOpen(each.sid)}>
                Open
              </button>
              {each.status === 'active' && (
                <button
                  type="button"
                  class="quiet"
                  onClick={() => store.act(() => control('POST', `/executions/${each.sid}/end`))}
                >
                  End
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {execution !== undefined && (
        <Dialog title="Execution" wide onClose={() => setOpen(null)}>
          <Json value={{ ...execution, messages: execution.messages.slice(-20) }} />
        </Dialog>
      )}
    </>
  );
}
