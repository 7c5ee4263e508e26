import { get, post } from '../../test/support/call';
import { startEmulator, startFunctions } from '../../test/support/programs';
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
const DECIDED = 'The last list: has somebody else decided in the meantime?';
const NEWEST = 'The newest message: rules judge none that was there before.';

/** Exact: what the emulator was asked by each operation of the built functions under twilio-run. */
export const calls: Part = async () => {
  const counted = await countCalls();
  const section: Section = {
    title: 'API calls of each operation',
    meaning:
      'The requests that the emulator got, in their order. "Fewest" is what the operation takes where nobody else is at work and nothing fails; the last column says what each call above it is for. k is the number of webhooks that are created, updated or deleted, the router aside.',
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
export function countCalls(): Promise<Counted[]> {
  return during(startEmulator(), ({ origin }) => {
    const variables = { TWILIO_API_BASE_URL: origin, CRM_URL: `${origin}/_emulator/receiver` };
    return during(startFunctions(variables), (functions) => count(origin, functions.origin));
  });
}

async function count(emulator: string, functions: string): Promise<Counted[]> {
  const [one = '', two = '', managed = ''] = await freshConversations(emulator, 3);
  const call = async (name: string, ConversationSid: string, form: Record<string, string> = {}) => {
    const { status, body } = await post(`${functions}/webhooks/${name}`, { ConversationSid, ...form });
    if (status >= 300) throw new Error(`/webhooks/${name} answered ${status}: ${body.message}`);
    return body;
  };
  const attach = (sid: string, form: object = {}) => call('attach', sid, { ...WEBHOOK, ...form });
  const happen = (what: string, form: Record<string, string>) =>
    post(`${emulator}/_emulator/conversations/${managed}/${what}`, form);
  const counted: Counted[] = [];
  const measure = async (
    operation: string,
    aim: number,
    [fewest, ...why]: readonly [number, ...string[]],
    work: () => Promise<unknown>,
  ) => {
    await fetch(`${emulator}/_emulator/requests`, { method: 'DELETE' });
    await work();
    await get(`${emulator}/_emulator/idle`);
    const { body } = await get(`${emulator}/_emulator/requests`);
    counted.push({ operation, calls: body.requests.map(nameOf), aim, fewest, why });
  };

  await measure('attach, new', 3, [1, LOOK, AGAIN], () => attach(one));
  await measure('attach, new, ReplayAfter=latest', 4, [2, LOOK, AGAIN], () =>
    attach(two, { ReplayAfter: 'latest' }),
  );
  await measure('attach, unchanged', 1, [1], () => attach(one));
  await measure('attach, changed', 2, [2], () => attach(one, { Filters: 'onMessageRemoved' }));
  const [{ sid: Sid }] = (await call('list', one)).webhooks;
  await measure('detach by SID', 1, [1], () => call('detach', one, { Sid }));
  await measure('detach by match', 2, [2], () => call('detach', two, { Url: WEBHOOK.Url }));

  // Of each of these changes k is 2: the bot and the keyword; the CRM for the bot; the CRM and the keyword.
  const [k, change] = [2, 2 + 3];
  await measure('sync, into a profile (k = 2)', change + 1, [k + 2, NEWEST, DECIDED], () =>
    call('sync', managed, { Profile: 'bot' }),
  );
  await measure('sync, nothing to do', 1, [1], () => call('sync', managed));
  await measure('event that no rule matches', 0, [0], () => happen('messages', { Body: 'hello' }));
  await measure('event, hand-off (k = 2)', change, [k + 2, DECIDED], () =>
    happen('messages', { Body: 'a human please' }),
  );
  await measure(
    'event, candidate that is not in force',
    1,
    [0, 'The URL it came by may be older than the router.'],
    () => happen('messages', { Body: 'human? human!' }),
  );
  await measure('event, closing (k = 2)', change, [k + 2, DECIDED], () =>
    happen('state', { State: 'closed' }),
  );
  return counted;
}

function nameOf({ method, path }: { method: string; path: string }): string {
  const [, resource = '', sid] = /\/(Messages|Webhooks)(\/WH\w+)?(?:\?|$)/.exec(path) ?? [];
  if (resource === 'Messages') return 'newest message';
  const names: Readonly<Record<string, string>> = sid
    ? { GET: 'fetch', POST: 'update', DELETE: 'delete' }
    : { GET: 'list', POST: 'create' };
  return names[method] ?? `${method} ${path}`;
}
