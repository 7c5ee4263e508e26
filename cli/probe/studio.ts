import { fieldsOf } from '../../src/twilio/api';
import { type Api, type Fields, RefusedError } from './api';
import { MAX_POLLS, poll } from './poll';
import type { Conversation, Session } from './session';

const PAGE_SIZE = 20;

/** What a question that calls `startExecution` once takes for it at most, cleaning up included: other conversations may start the flow meanwhile. */
export const EXECUTION = {
  conversations: 1,
  messages: 1,
  events: ['onMessageAdded'],
  requests: 7 + MAX_POLLS + PAGE_SIZE,
} as const;

export interface Started {
  readonly sid: string;
  readonly contactChannelAddress: unknown;
  readonly webhookSid: string;
}

/** Has a message start the flow in a conversation. Ended and deleted afterwards. @throws RefusedError if it does not start */
export async function startExecution(
  session: Session,
  conversation: Conversation,
  author?: string,
): Promise<Started> {
  const path = `/v2/Flows/${session.flow}/Executions`;
  const others = new Set((await newest(session.api, path)).map(({ sid }) => `${sid}`));
  const find = (api: Api) => findExecution(api, path, conversation.sid, others);
  const form = { Target: 'studio', 'Configuration.FlowSid': session.flow };
  const { status, code, body: webhook } = await session.attach(form, conversation);
  if (status >= 400)
    throw new RefusedError(`the studio webhook was refused: ${status}/${code} ${webhook.message}`);
  let found: Fields | undefined;
  session.cleanup.add(`execution of ${session.flow} in ${conversation.sid}`, async (api) => {
    found ??= await find(api);
    if (found) await removeExecution(api, `${path}/${found.sid}`);
  });
  await session.write('This starts the flow', { fires: true, author, conversation });
  found = await poll(() => find(session.api), session.pollLimits);
  if (!found)
    throw new RefusedError(`no execution of the flow began within ${session.settings.waitMs / 1000} s`);
  return {
    sid: `${found.sid}`,
    contactChannelAddress: found.contact_channel_address,
    webhookSid: `${webhook.sid}`,
  };
}

/** Ends and deletes the execution of a flow in a conversation, if it is among the newest. */
export async function removeExecutionOf(api: Api, flow: string, conversationSid: string): Promise<void> {
  const path = `/v2/Flows/${flow}/Executions`;
  const found = await findExecution(api, path, conversationSid, new Set());
  if (found) await removeExecution(api, `${path}/${found.sid}`);
}

/** @param others executions in other conversations; it adds those that it meets */
async function findExecution(
  api: Api,
  path: string,
  conversationSid: string,
  others: Set<string>,
): Promise<Fields | undefined> {
  for (const execution of await newest(api, path)) {
    const sid = `${execution.sid}`;
    if (others.has(sid)) continue;
    if ((await conversationOf(api, `${path}/${sid}`)) === conversationSid) return execution;
    others.add(sid);
  }
  return undefined;
}

/** Ends an execution, whose end is dispatched to Event Streams. */
export const endExecution = (api: Api, flow: string, sid: string) =>
  api.expect('POST', 'studio', `/v2/Flows/${flow}/Executions/${sid}`, { Status: 'ended' });

async function newest(api: Api, path: string): Promise<Fields[]> {
  const { executions } = await api.expect('GET', 'studio', `${path}?PageSize=${PAGE_SIZE}`);
  return Array.isArray(executions) ? executions : [];
}

async function conversationOf(api: Api, path: string): Promise<unknown> {
  const { status, body } = await api.request('GET', 'studio', `${path}/Context`);
  const { trigger } = fieldsOf(body.context);
  return status < 400 ? fieldsOf(fieldsOf(trigger).conversation).ConversationSid : undefined;
}

async function removeExecution(api: Api, path: string): Promise<void> {
  const { status } = await api.request('POST', 'studio', path, { Status: 'ended' });
  if (status !== 404) await api.remove('studio', path);
}
