import { parseUrl } from '../lib/parse-url';
import { validateConversationSid, validateServiceSid } from '../lib/sids';
import type { Execution, Executions } from '../webhooks/executions';
import { type CallContext, createVersion } from './api';
import { type ConversationKey, versionPath } from './client';
import { throwApiError, unexpectedResponse } from './errors';

const MAX_PAGES = 2;
const PAGE_SIZE = 100;
/** The most that Conversations returns; only a few participants of a conversation can be outside chat. */
const MAX_PARTICIPANTS = 100;

/**
 * The executions of a conversation. Without the helper library's resource classes, which are ten times as large.
 * @throws ApiError as createConversation
 */
export function createExecutions(
  { ConversationSid, ServiceSid }: ConversationKey,
  caller: CallContext,
): Executions {
  const conversation = encodeURIComponent(validateConversationSid(ConversationSid));
  const service = ServiceSid === undefined ? undefined : validateServiceSid(ServiceSid);
  const studio = createVersion(caller, 'studio', 'v2');
  const conversations = createVersion(caller, 'conversations', versionPath(service));
  const get = (version: typeof studio, uri: string, params?: object): Promise<unknown> =>
    version.fetch({ uri, method: 'get', ...(params && { params }) }).catch(throwApiError);

  return {
    async active(flowSid, since) {
      const executions: Execution[] = [];
      let params: object = {
        // In lower case, as the helper library sends it. Older specifications do not have it.
        status: 'active',
        PageSize: PAGE_SIZE,
        ...(since !== undefined && { DateCreatedFrom: since }),
      };
      for (let page = 0; page < MAX_PAGES; page++) {
        const body = await get(studio, `/Flows/${flowSid}/Executions`, params);
        const { meta, executions: found } = fieldsOf(body);
        executions.push(...records(found).flatMap(activeExecution));
        const { next_page_url: next } = fieldsOf(meta);
        if (typeof next !== 'string') return { executions, complete: true };
        params = Object.fromEntries((parseUrl(next) ?? fail()).searchParams);
      }
      return { executions, complete: false };
    },
    async conversationOf(flowSid, sid) {
      const body = await get(studio, `${pathOf(flowSid, sid)}/Context`);
      const { trigger } = fieldsOf(fieldsOf(body).context);
      const { ConversationSid } = fieldsOf(fieldsOf(trigger).conversation);
      return typeof ConversationSid === 'string' ? ConversationSid : undefined;
    },
    async addresses() {
      const uri = `/Conversations/${conversation}/Participants`;
      const body = await get(conversations, uri, { PageSize: MAX_PARTICIPANTS });
      return records(fieldsOf(body).participants).flatMap(({ messaging_binding }) => {
        const { address } = fieldsOf(messaging_binding);
        return typeof address === 'string' ? [address] : [];
      });
    },
    end: (flowSid, sid) =>
      studio
        .update({
          uri: pathOf(flowSid, sid),
          method: 'post',
          data: { Status: 'ended' },
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        })
        .then(
          () => undefined,
          (error) => {
            if (error?.status !== 404) throwApiError(error);
          },
        ),
  };
}

function pathOf(flowSid: string, sid: string): string {
  return `/Flows/${flowSid}/Executions/${encodeURIComponent(sid)}`;
}

function activeExecution({
  sid,
  status,
  contact_channel_address: address,
}: Readonly<Record<string, unknown>>): Execution[] {
  if (typeof sid !== 'string') throw unexpectedResponse();
  return status === 'active' && typeof address === 'string' ? [{ sid, address }] : [];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function records(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(fieldsOf) : fail();
}

function fail(): never {
  throw unexpectedResponse();
}
