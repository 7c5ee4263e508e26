import { ApiError } from '../lib/api-error';
import type { Execution, Executions } from '../webhooks/executions';
import { type CallContext, createApi, fieldsOf } from './api';
import { type ConversationKey, conversationPath } from './client';
import { unexpectedResponse } from './errors';

const MAX_PAGES = 2;
const PAGE_SIZE = 100;
/** The most that Conversations returns; only a few participants of a conversation can be outside chat. */
const MAX_PARTICIPANTS = 100;

/**
 * The executions of a conversation. Few events end any, so the APIs are made ready by the methods.
 * @throws ApiError as createConversation
 */
export function createExecutions(key: ConversationKey, caller: CallContext): Executions {
  const studio = () => createApi(caller, 'studio');
  const flow = (flowSid: string) => `${studio().baseUrl}/v2/Flows/${flowSid}/Executions`;
  const execution = (flowSid: string, sid: string) => `${flow(flowSid)}/${encodeURIComponent(sid)}`;

  return {
    async active(flowSid, since) {
      const executions: Execution[] = [];
      const query = new URLSearchParams({
        // In lower case, as the helper library sends it. Older specifications do not have it.
        status: 'active',
        PageSize: `${PAGE_SIZE}`,
        ...(since !== undefined && { DateCreatedFrom: since }),
      });
      let url = `${flow(flowSid)}?${query}`;
      for (let page = 0; page < MAX_PAGES; page++) {
        const { meta, executions: found } = fieldsOf((await studio().request('GET', url)).body);
        executions.push(...records(found).flatMap(activeExecution));
        const { next_page_url: next } = fieldsOf(meta);
        if (typeof next !== 'string') return { executions, complete: true };
        url = next;
      }
      return { executions, complete: false };
    },
    async conversationOf(flowSid, sid) {
      const { body } = await studio().request('GET', `${execution(flowSid, sid)}/Context`);
      const { trigger } = fieldsOf(fieldsOf(body).context);
      const { ConversationSid } = fieldsOf(fieldsOf(trigger).conversation);
      return typeof ConversationSid === 'string' ? ConversationSid : undefined;
    },
    async addresses() {
      const { baseUrl, request } = createApi(caller, 'conversations');
      const url = `${baseUrl}${conversationPath(key)}/Participants?PageSize=${MAX_PARTICIPANTS}`;
      const { body } = await request('GET', url);
      return records(fieldsOf(body).participants).flatMap(({ messaging_binding }) => {
        const { address } = fieldsOf(messaging_binding);
        return typeof address === 'string' ? [address] : [];
      });
    },
    end: (flowSid, sid) =>
      studio()
        .request('POST', execution(flowSid, sid), [['Status', 'ended']])
        .then(
          () => undefined,
          (error) => {
            if (!(error instanceof ApiError) || error.status !== 404) throw error;
          },
        ),
  };
}

function activeExecution({
  sid,
  status,
  contact_channel_address: address,
}: Readonly<Record<string, unknown>>): Execution[] {
  if (typeof sid !== 'string') throw unexpectedResponse();
  return status === 'active' && typeof address === 'string' ? [{ sid, address }] : [];
}

function records(value: unknown): Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) throw unexpectedResponse();
  return value.map(fieldsOf);
}
