import { type Context, Hono } from 'hono';
import { nobody } from '../actions/actor';
import { changeState, refuseClosed } from '../actions/conversations';
import { endExecution } from '../actions/executions';
import { receive } from '../actions/inbound';
import { addMessage } from '../actions/messages';
import { addParticipant } from '../actions/participants';
import { reportDelivery } from '../actions/receipts';
import { readFormOrJson } from '../api/body';
import type { Form } from '../api/params';
import type { Place } from '../api/request';
import { readState } from '../api/resources/conversation-params';
import { printMessage } from '../api/resources/messages';
import { readParticipant } from '../api/resources/participant-params';
import { printParticipant } from '../api/resources/participants';
import type { World } from '../context';
import { type Conversation, findConversation } from '../state/store';
import { DEFAULT_SERVICE_SID } from '../twilio/account';
import { refuse } from '../twilio/errors';
import { joining, readArrival, readInbound, readReport } from './simulate-params';

/** What nobody can do over the REST API: messages from phones, people joining, timers, carriers, flows that end. */
export function simulate(world: World): Hono {
  const routes = new Hono();

  routes.post('/inbound', async (c) => {
    const arrival = readArrival(await readFormOrJson(c));
    const { conversation, message } = receive(world, arrival.binding, arrival.message, arrival.actor);
    return c.json(printMessage(placeOf(c, conversation), conversation, message), 201);
  });

  routes.post('/conversations/:key/messages', async (c) => {
    const conversation = conversationOf(world, c);
    const { message, actor } = readInbound(await readFormOrJson(c), conversation);
    const added = addMessage(world, conversation, message, actor);
    return c.json(printMessage(placeOf(c, conversation), conversation, added), 201);
  });

  routes.post('/conversations/:key/participants', async (c) => {
    const conversation = conversationOf(world, c);
    const wanted = readParticipant(await readFormOrJson(c));
    const participant = addParticipant(world, conversation, wanted, joining(wanted));
    return c.json(printParticipant(placeOf(c, conversation), conversation, participant), 201);
  });

  routes.post('/conversations/:key/state', async (c) => {
    const conversation = conversationOf(world, c);
    refuseClosed(conversation);
    const state = readState(await readFormOrJson(c)) ?? refuse(50378);
    changeState(world, conversation, state, 'TIMER', nobody);
    return c.json({ conversation_sid: conversation.sid, state });
  });

  routes.post('/conversations/:key/receipts', async (c) => {
    const conversation = conversationOf(world, c);
    const { message, participant, report } = readReport(await readFormOrJson(c), conversation);
    const receipt = reportDelivery(world, conversation, message, participant, report);
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
    const execution =
      world.studio.executions.get(c.req.param('sid')) ?? refuse(20404, 'There is no such execution');
    if (execution.status === 'ended') refuse(20001, 'This execution has ended already');
    const form = await readFormOrJson(c);
    endExecution(world, execution, reasonOf(form));
    return c.json(execution);
  });

  routes.post('/conversations/:key/executions/end', async (c) => {
    const executions = world.studio.activeOn(conversationOf(world, c).sid);
    const form = await readFormOrJson(c);
    for (const execution of executions) endExecution(world, execution, reasonOf(form));
    return c.json({ executions });
  });

  return routes;
}

const reasonOf = (form: Form) => form.text('ended_reason') ?? 'FLOW_END';

// A unique name is looked for in the default service; a SID anywhere.
function conversationOf(world: World, c: Context): Conversation {
  const key = c.req.param('key') ?? '';
  const service = world.store.services.get(DEFAULT_SERVICE_SID);
  return (
    world.store.conversations.get(key) ??
    (service && findConversation(service, key)) ??
    refuse(20404, `There is no conversation ${key}`)
  );
}

function placeOf(c: Context, { service }: Conversation): Place {
  const { origin } = new URL(c.req.url);
  return service.sid === DEFAULT_SERVICE_SID
    ? { service, scoped: false, root: `${origin}/v1` }
    : { service, scoped: true, root: `${origin}/v1/Services/${service.sid}` };
}
