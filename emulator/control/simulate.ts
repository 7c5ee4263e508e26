import { Hono } from 'hono';
import { refuseClosed, updateState } from '../actions/conversations';
import { endExecution } from '../actions/executions';
import { receiveMessage } from '../actions/inbound';
import { addMessage } from '../actions/messages';
import { addParticipant } from '../actions/participants';
import { reportDelivery } from '../actions/receipts';
import { readParamsOrJson } from '../api/body';
import type { Params } from '../api/params';
import { readState } from '../api/resources/conversation-params';
import { printMessage } from '../api/resources/messages';
import { readParticipant } from '../api/resources/participant-params';
import { printParticipant } from '../api/resources/participants';
import type { EmulatorContext } from '../context';
import { systemActor } from '../delivery/actor';
import { sinkStatuses } from '../state/event-streams';
import { showExecution } from '../state/studio';
import { refuse } from '../twilio/errors';
import { conversationOf } from './lookup';
import { scopeOf } from './scope';
import {
  joiningActor,
  readInboundMessage,
  readParticipantMessage,
  readPhones,
  readReceiptReport,
} from './simulate-params';

/** What cannot be done over the REST API: phones that write, people who join, timers, carriers, flows that end, sinks that fail. */
export function simulate(context: EmulatorContext): Hono {
  const routes = new Hono();

  routes.post('/inbound', async (c) => {
    const arrival = readInboundMessage(await readPhones(c));
    const { conversation, message } = receiveMessage(
      context,
      arrival.binding,
      arrival.message,
      arrival.actor,
    );
    return c.json(printMessage(scopeOf(c, conversation), conversation, message), 201);
  });

  routes.post('/conversations/:key/messages', async (c) => {
    const conversation = conversationOf(context, c);
    const { message, actor } = readParticipantMessage(await readPhones(c), conversation);
    const added = addMessage(context, conversation, message, actor);
    return c.json(printMessage(scopeOf(c, conversation), conversation, added), 201);
  });

  routes.post('/conversations/:key/participants', async (c) => {
    const conversation = conversationOf(context, c);
    const wanted = readParticipant(await readPhones(c));
    const participant = addParticipant(context, conversation, wanted, joiningActor(wanted));
    return c.json(printParticipant(scopeOf(c, conversation), conversation, participant), 201);
  });

  routes.post('/conversations/:key/state', async (c) => {
    const conversation = conversationOf(context, c);
    refuseClosed(context, conversation, 'onConversationStateUpdated', systemActor);
    const state = readState(await readParamsOrJson(c)) ?? refuse(50378);
    updateState(context, conversation, state, 'TIMER', systemActor);
    return c.json({ conversation_sid: conversation.sid, state });
  });

  routes.post('/conversations/:key/receipts', async (c) => {
    const conversation = conversationOf(context, c);
    const { message, participant, report } = readReceiptReport(await readParamsOrJson(c), conversation);
    const receipt = reportDelivery(context, conversation, message, participant, report);
    const { sid, participantSid, channelMessageSid, status, errorCode } = receipt;
    return c.json({
      sid,
      conversation_sid: conversation.sid,
      message_sid: message.sid,
      participant_sid: participantSid,
      channel_message_sid: channelMessageSid,
      status,
      error_code: errorCode,
    });
  });

  routes.post('/executions/:sid/end', async (c) => {
    const sid = c.req.param('sid');
    const execution =
      context.studio.executions.get(sid) ??
      refuse(20404, `Execution ${sid} was not found; GET /_emulator/executions lists all`);
    if (execution.status === 'ended') refuse(20001, `Execution ${sid} has already ended`);
    const params = await readParamsOrJson(c);
    endExecution(context, execution, reasonOf(params));
    return c.json(showExecution(execution));
  });

  routes.post('/conversations/:key/executions/end', async (c) => {
    const executions = context.studio.activeIn(conversationOf(context, c).sid);
    const params = await readParamsOrJson(c);
    for (const execution of executions) endExecution(context, execution, reasonOf(params));
    return c.json({ executions: executions.map(showExecution) });
  });

  routes.post('/sinks/:sid/status', async (c) => {
    const sid = c.req.param('sid');
    const sink =
      context.streams.sinks.get(sid) ?? refuse(91001, `Sink ${sid} was not found; GET /v1/Sinks lists all`);
    const status = (await readParamsOrJson(c)).oneOf('Status', sinkStatuses);
    Object.assign(sink, { status, dateUpdated: context.clock.now() });
    return c.json({ sid, status });
  });

  return routes;
}

const reasonOf = (params: Params) => params.string('ended_reason') ?? 'FLOW_END';
