import { lastMove } from '../decision';
import type { SlotChange, State } from '../state';
import type { Store } from '../store';
import type { Name, Webhook } from '../types';
import { clockTime, profileOf, shortSid, shortUrl } from '../words';
import { Executions } from './executions';

const SLOTS = 5;

/** The five slots of the conversation: what is in them, since when, and what has just changed. */
export function Slots({ state: { open, names, functions }, store }: { state: State; store: Store }) {
  const webhooks = open.summary?.webhooks ?? [];
  const isUnmanaged = open.summary !== null && profileOf(webhooks) === undefined;
  const move = lastMove(open.events, open.deliveries);
  const detached = open.changes.filter(({ kind }) => kind === 'detached');
  return (
    <>
      <header class="panel-head">
        <h2 id="slots">Five slots</h2>
        <span class="soft">{open.summary !== null && `${webhooks.length} used`}</span>
      </header>
      {functions === null && open.summary !== null && (
        <p class="hint">No functions respond, so webhooks have no names here.</p>
      )}
      {typeof functions === 'string' && isUnmanaged && (
        <p class="hint">
          No router: the policy does not manage this conversation. It manages those that a customer opens;
          press New.
        </p>
      )}
      {open.summary !== null && (
        <ol class="slots">
          {webhooks.map((webhook) => (
            <Slot
              key={webhook.sid}
              webhook={webhook}
              name={names.get(webhook.sid)}
              move={move}
              isNamed={typeof functions === 'string'}
              change={open.changes.find((change) => change.webhook.sid === webhook.sid)}
            />
          ))}
          {Array.from({ length: Math.max(0, SLOTS - webhooks.length) }, (_, i) => (
            <li key={`free ${i}`} class="slot free">
              free
              {detached[i] !== undefined && (
                <span class="gone"> {slotName(detached[i].webhook, names)} detached</span>
              )}
            </li>
          ))}
        </ol>
      )}
      <Executions executions={open.executions} store={store} />
    </>
  );
}

interface SlotProps {
  webhook: Webhook;
  name: Name | undefined;
  /** The rule that decided last. */
  move: ReturnType<typeof lastMove>;
  /** Whether the functions name webhooks, so that one without a name is foreign. */
  isNamed: boolean;
  change: SlotChange | undefined;
}

function Slot({ webhook, name, move, isNamed, change }: SlotProps) {
  const { target, configuration, date_created, sid } = webhook;
  const { url, method, filters, triggers, flow_sid } = configuration;
  const isForeign = isNamed && name !== undefined && name.policy_name === null;
  const title =
    name?.policy_name ?? (flow_sid === undefined ? shortUrl(url ?? '') : `flow ${shortSid(flow_sid)}`);
  const router = name?.router;
  // In the API's examples a trigger's keywords come back as filters.
  const keywords = target === 'trigger' ? (triggers ?? filters) : null;
  return (
    <li class={`slot ${change?.kind ?? ''} ${isForeign ? 'foreign' : ''}`}>
      <div class="line">
        <b>{title}</b>
        <span class="chip">{target}</span>
        {isForeign && <span class="chip warn">foreign</span>}
        {change !== undefined && <span class="news">{change.kind} now</span>}
      </div>
      {router !== undefined && <p class="router">{routerWords(router, move)}</p>}
      <p class="address" title={`${sid}${url ? `, ${url}` : ''}`}>
        <code>{flow_sid ?? shortUrl(url ?? '')}</code>
        {method?.toLowerCase() === 'get' && ' by GET'}
      </p>
      {keywords !== null && keywords !== undefined && (
        <p class="soft">messages with {keywords.map((keyword) => `“${keyword}”`).join(' or ')}</p>
      )}
      {target !== 'trigger' && <p class="soft events">{(filters ?? ['onMessageAdded']).join(', ')}</p>}
      <p class="soft">since {clockTime(date_created)}</p>
    </li>
  );
}

type Router = NonNullable<Name['router']>;

function routerWords({ profile, replay, decided_at, adopted_at }: Router, move: SlotProps['move']): string {
  const on = move === undefined || move.message === null ? '' : ` (message ${move.message})`;
  const by = move === undefined ? '' : ` by ${move.rule}${on}`;
  const decided = decided_at === null ? '' : `, decided ${clockTime(decided_at)}${by}`;
  const adopted = adopted_at ? `, taken over by a new policy ${clockTime(adopted_at)}` : '';
  return `profile ${profile}${decided}${adopted}, replays from message ${replay}`;
}

function slotName(webhook: Webhook, names: ReadonlyMap<string, Name>): string {
  const { url, flow_sid } = webhook.configuration;
  return (
    names.get(webhook.sid)?.policy_name ?? (flow_sid ? `flow ${shortSid(flow_sid)}` : shortUrl(url ?? ''))
  );
}
