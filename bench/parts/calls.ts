import { get, post } from '../../test/support/call';
import { freePort, startEmulator, startFunctions } from '../../test/support/programs';
import type { Part } from '../part';
import { during } from '../programs';
import { freshConversations, WEBHOOK } from '../subjects';
import { type Section, target } from '../table';

/** The requests that an operation sent to the API. */
export interface Counted {
  readonly operation: string;
  /** Each by its name, in their order. */
  readonly calls: readonly string[];
  readonly aim: number;
  /** As many as it takes where nobody else is at work and nothing fails. */
  readonly fewest: number;
  /** What each other one is for. */
  readonly why: readonly string[];
}

const LOOK = 'The first list: the API has no conditional create, so is it there already?';
const AGAIN = 'The last list: did somebody else create the same at this moment?';
const OLDER = 'The URL it came by may be older than the router.';
const CLOSED = 'The list after Twilio has refused the update: the conversation is closed.';
const DECIDED = 'The last list: has somebody else decided in the meantime?';
const MANAGED = 'The list before: will the policy attach it again?';
const NEWEST = 'The newest message: webhooks are sent none that was there before.';

/** Exact: what the emulator was asked by each operation of the built functions under twilio-run. */
export const calls: Part = async () => {
  const counted = await countCalls();
  const section: Section = {
    title: 'API calls of each operation',
    meaning:
      'The requests that the emulator got, in order. "Fewest" is what the operation needs if no other call interferes and nothing fails; the last column says what each further call is for. k is the number of webhooks that are created, updated or deleted, without the router.',
    head: ['operation', 'calls', 'target', 'fewest', 'which', 'why more'],
    rows: counted.map(({ operation, calls, aim, fewest, why }) => [
      operation,
      `${calls.length}`,
      target(`${aim}`, calls.length === aim),
      `${fewest}`,
      calls.join(', '),
      why.join(' '),
    ]),
  };
  return [section];
};

/** Counts them all, on an emulator and functions of its own. */
export async function countCalls(): Promise<Counted[]> {
  const port = await freePort();
  return during(startEmulator(), async ({ origin }) => {
    const counter = new Counter(origin);
    const [byMessage = '', bySync = ''] = await freshConversations(origin, 2);
    const variables = { TWILIO_API_BASE_URL: origin, CRM_URL: `${origin}/_emulator/receiver` };
    await during(startFunctions(variables, { port }), async (functions) => {
      await countOperations(counter, functions.origin);
      for (const sid of [byMessage, bySync]) await call(functions.origin, 'sync', sid, { Profile: 'agent' });
    });
    const newer = { ...variables, CRM_URL: `${origin}/_emulator/receiver/newer` };
    await during(startFunctions(newer, { port }), ({ origin: functions }) =>
      countAdoptions(counter, functions, { byMessage, bySync }),
    );
    return counter.counted;
  });
}

class Counter {
  readonly counted: Counted[] = [];

  constructor(private readonly emulator: string) {}

  async measure(
    operation: string,
    aim: number,
    [fewest, ...why]: readonly [number, ...string[]],
    work: () => Promise<unknown>,
  ): Promise<void> {
    await fetch(`${this.emulator}/_emulator/requests`, { method: 'DELETE' });
    await work();
    await get(`${this.emulator}/_emulator/idle`);
    const { body } = await get(`${this.emulator}/_emulator/requests`);
    this.counted.push({ operation, calls: body.requests.map(nameOf), aim, fewest, why });
  }

  conversations(count: number): Promise<string[]> {
    return freshConversations(this.emulator, count);
  }

  happen(conversation: string, what: string, form: Record<string, string>) {
    return post(`${this.emulator}/_emulator/conversations/${conversation}/${what}`, form);
  }

  advance(seconds: number) {
    return post(`${this.emulator}/_emulator/clock`, { advance: `${seconds}` });
  }
}

async function call(functions: string, name: string, sid: string, form: Record<string, string> = {}) {
  const { status, body } = await post(`${functions}/webhooks/${name}`, { ConversationSid: sid, ...form });
  if (status >= 300) throw new Error(`/webhooks/${name} returned ${status}: ${body.message}`);
  return body;
}

async function countOperations(counter: Counter, functions: string): Promise<void> {
  const [one = '', two = '', added = '', managed = '', closing = '', silent = ''] =
    await counter.conversations(6);
  const measure = counter.measure.bind(counter);
  const attach = (sid: string, form: object = {}) => call(functions, 'attach', sid, { ...WEBHOOK, ...form });
  const sync = (sid: string, form: Record<string, string> = {}) => call(functions, 'sync', sid, form);
  /** The router of a closed conversation cannot be updated, so this one stays open. */
  const stateChanged = (StateUpdated: string) =>
    post(`${functions}/events/conversation`, {
      EventType: 'onConversationStateUpdated',
      StateTo: 'closed',
      StateUpdated,
      ConversationSid: managed,
    });
  const write = (Body: string) => counter.happen(managed, 'messages', { Body });

  await measure('attach, new', 3, [1, LOOK, AGAIN], () => attach(one));
  await measure('attach, new, ReplayAfter=latest', 4, [2, LOOK, AGAIN], () =>
    attach(two, { ReplayAfter: 'latest' }),
  );
  await measure('attach, unchanged', 1, [1], () => attach(one));
  await measure('attach, changed', 2, [2], () => attach(one, { Filters: 'onMessageRemoved' }));
  const [{ sid: Sid }] = (await call(functions, 'list', one)).webhooks;
  await measure('detach by SID', 2, [1, MANAGED], () => call(functions, 'detach', one, { Sid }));
  await measure('detach by match', 2, [2], () => call(functions, 'detach', two, { Url: WEBHOOK.Url }));

  // Of each of these changes k is 2: the bot and the keyword; the CRM for the bot, whose execution a rule ends in two calls
  // more; the CRM and the keyword.
  const k = 2;
  await measure('event, into a profile (k = 2)', 3 + k, [k + 2, DECIDED], () =>
    post(`${functions}/events/conversation`, { EventType: 'onConversationAdded', ConversationSid: added }),
  );
  await measure('sync, into a profile (k = 2)', 4 + k, [k + 2, NEWEST, DECIDED], () =>
    sync(managed, { Profile: 'bot' }),
  );
  await measure('sync, nothing to do', 1, [1], () => sync(managed));
  await measure('sync, into the current profile', 1, [1], () => sync(managed, { Profile: 'bot' }));
  await measure('event that no rule matches', 0, [0], () => write('hello'));
  await measure('message, hand-off (k = 2)', 3 + k + 2, [k + 4, DECIDED], () => write('a human please'));
  await measure('message, rule that does not apply', 1, [0, OLDER], () => write('human? human!'));
  await measure('other event, hand-off (k = 2)', 4 + k, [k + 2, NEWEST, DECIDED], () =>
    stateChanged('2026-11-22T12:00:00Z'),
  );
  await measure('other event, rule that does not apply', 2, [0, NEWEST, OLDER], () =>
    stateChanged('2026-11-22T12:00:01Z'),
  );
  await sync(closing, { Profile: 'agent' });
  await measure('other event, closing (k = 2)', 5 + k, [k + 2, NEWEST, CLOSED, DECIDED], () =>
    counter.happen(closing, 'state', { State: 'closed' }),
  );

  await sync(silent, { Profile: 'bot' });
  await counter.advance(15);
  const say = () => counter.happen(silent, 'messages', { Body: 'hello' });
  await measure('first event 10 s after a change', 1, [0, 'Has the run that decided died?'], say);
  await measure('the next one', 0, [0], say);
}

/** Both were in a profile before the URL of its two webhooks changed, so that k is 4. */
async function countAdoptions(
  counter: Counter,
  functions: string,
  { byMessage, bySync }: { byMessage: string; bySync: string },
): Promise<void> {
  const k = 4;
  await counter.measure('message after a change of the policy (k = 4)', 3 + k, [k + 2, DECIDED], () =>
    counter.happen(byMessage, 'messages', { Body: 'hello' }),
  );
  await counter.measure(
    'sync after a change of the policy (k = 4)',
    5 + k,
    [k + 2, NEWEST, 'The second list: the first one is too old to write on.', DECIDED],
    () => call(functions, 'sync', bySync),
  );
}

function nameOf({ method, path }: { method: string; path: string }): string {
  if (path.includes('/Executions')) return method === 'GET' ? 'list executions' : 'end execution';
  const [, resource = '', sid] = /\/(Messages|Webhooks)(\/WH\w+)?(?:\?|$)/.exec(path) ?? [];
  if (resource === 'Messages') return 'newest message';
  const names: Readonly<Record<string, string>> = sid
    ? { GET: 'fetch', POST: 'update', DELETE: 'delete' }
    : { GET: 'list', POST: 'create' };
  return names[method] ?? `${method} ${path}`;
}
