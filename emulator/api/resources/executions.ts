import { endExecution } from '../../actions/executions';
import { isoSeconds } from '../../state/clock';
import { isSid } from '../../state/sids';
import type { Execution } from '../../state/studio';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { page, studioPageSize } from '../paging';
import { Params } from '../params';
import { type ApiRequest, noContent, notFound, type Operation, ok } from '../request';

/** Newest first. */
const list: Operation = (request) => {
  const flowSid = flowSidOf(request);
  const query = new Params(request.query);
  // The documentation writes parameters like this; Twilio's libraries send this one in lower case.
  const status = query.string('Status') ?? query.string('status');
  if (status !== undefined && status !== 'active' && status !== 'ended')
    return refuse(20001, `Status must be active or ended, not "${status}"`);
  const from = query.date('DateCreatedFrom', 20001) ?? Number.NEGATIVE_INFINITY;
  const before = query.date('DateCreatedTo', 20001) ?? Number.POSITIVE_INFINITY;
  const matches = (execution: Execution) => {
    if (execution.flow_sid !== flowSid || (status !== undefined && execution.status !== status)) return false;
    const created = Date.parse(execution.date_created);
    return created >= from && created < before;
  };
  const rules = { ...studioPageSize, key: 'executions', descending: true, matches };
  return page(request, request.context.studio.executions.ordered, rules, (execution) =>
    print(request, execution),
  );
};

const fetch: Operation = (request) => ok(print(request, executionOf(request, 'Sid')));

/** Ends it. One that has ended stays as it is. */
const update: Operation = (request) => {
  const execution = executionOf(request, 'Sid');
  const status = request.params.string('Status');
  if (status !== 'ended') refuse(20001, `Status must be ended, not "${status ?? ''}"`);
  if (execution.status === 'active') endExecution(request.context, execution, 'API_REQUEST');
  return ok(print(request, execution));
};

/** An active one gets no more messages, and its end is not dispatched. */
const remove: Operation = (request) => {
  request.context.studio.remove(executionOf(request, 'Sid'));
  return noContent;
};

/** What the flow can read. */
const fetchContext: Operation = (request) => {
  const execution = executionOf(request, 'ExecutionSid');
  const { sid, flow_sid, trigger, contact_channel_address } = execution;
  return ok({
    account_sid: ACCOUNT_SID,
    flow_sid,
    execution_sid: sid,
    context: {
      trigger,
      widgets: {},
      flow: { sid, flow_sid },
      contact: { channel: { address: contact_channel_address } },
    },
    url: `${urlOf(request, execution)}/Context`,
  });
};

// No flow is known, so any SID may be one.
function flowSidOf(request: ApiRequest): string {
  const sid = request.pathParams.FlowSid ?? '';
  return isSid('FW', sid) ? sid : notFound(request);
}

function executionOf(request: ApiRequest, part: string): Execution {
  const execution = request.context.studio.executions.get(request.pathParams[part] ?? '');
  return execution?.flow_sid === flowSidOf(request) ? execution : notFound(request);
}

const urlOf = ({ origin }: ApiRequest, { flow_sid, sid }: Execution) =>
  `${origin}/v2/Flows/${flow_sid}/Executions/${sid}`;

function print(request: ApiRequest, execution: Execution) {
  const { sid, flow_sid, contact_channel_address, status, date_created, date_updated } = execution;
  const url = urlOf(request, execution);
  return {
    sid,
    account_sid: ACCOUNT_SID,
    flow_sid,
    contact_channel_address,
    // Empty in Twilio's examples: the context is a resource of its own.
    context: {},
    status,
    date_created: isoSeconds(Date.parse(date_created)),
    date_updated: isoSeconds(Date.parse(date_updated)),
    url,
    links: { steps: `${url}/Steps`, execution_context: `${url}/Context` },
  };
}

export const executions = { list, fetch, update, remove };
export const executionContext = { fetch: fetchContext };
