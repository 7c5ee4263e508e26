import { addWebhook, changeWebhook, MOST_WEBHOOKS, removeWebhook } from '../../actions/webhooks';
import { wholeSeconds } from '../../state/clock';
import type { Options } from '../../state/options';
import type { Conversation, Webhook } from '../../state/store';
import { ACCOUNT_SID } from '../../twilio/account';
import { page } from '../paging';
import {
  conversationOf,
  created,
  gone,
  type Operation,
  ok,
  type Place,
  placeOf,
  webhookOf,
} from '../request';
import { readConfiguration, readTarget } from './webhook-params';

export const createWebhook: Operation = (call) => {
  const { world, form } = call;
  const conversation = conversationOf(call);
  const target = readTarget(form);
  const webhook = addWebhook(world, conversation, target, readConfiguration(target, form, world.options));
  return created(print(placeOf(call), conversation, webhook, world.options));
};

export const fetchWebhook: Operation = (call) => {
  const conversation = conversationOf(call);
  return ok(print(placeOf(call), conversation, webhookOf(call, conversation), call.world.options));
};

export const updateWebhook: Operation = (call) => {
  const { world, form } = call;
  const conversation = conversationOf(call);
  const webhook = webhookOf(call, conversation);
  const configuration = readConfiguration(webhook.target, form, world.options, webhook.configuration);
  changeWebhook(world, conversation, webhook, configuration);
  return ok(print(placeOf(call), conversation, webhook, world.options));
};

export const deleteWebhook: Operation = (call) => {
  const conversation = conversationOf(call);
  removeWebhook(call.world, conversation, webhookOf(call, conversation));
  return gone;
};

export const listWebhooks: Operation = (call) => {
  const conversation = conversationOf(call);
  const place = placeOf(call);
  const rules = { key: 'webhooks', default: MOST_WEBHOOKS, max: MOST_WEBHOOKS };
  const { faults, clock, options } = call.world;
  return page(call, faults.lag.list(conversation, clock.now()), rules, (webhook) =>
    print(place, conversation, webhook, options),
  );
};

function print({ root, scoped }: Place, conversation: Conversation, webhook: Webhook, options: Options) {
  return {
    sid: webhook.sid,
    account_sid: ACCOUNT_SID,
    ...(scoped ? { chat_service_sid: conversation.service.sid } : {}),
    conversation_sid: conversation.sid,
    target: webhook.target,
    url: `${root}/Conversations/${conversation.sid}/Webhooks/${webhook.sid}`,
    configuration: printConfiguration(webhook, options),
    date_created: wholeSeconds(webhook.dateCreated),
    date_updated: wholeSeconds(webhook.dateUpdated),
  };
}

function printConfiguration({ target, configuration }: Webhook, options: Options) {
  const { url, filters, triggers, flowSid, replayAfter } = configuration;
  const method = configuration.method ?? options.defaultMethod;
  const full = options.echoUndocumented === 'yes';
  const replay = full && replayAfter !== null ? { replay_after: replayAfter } : {};
  if (target === 'studio')
    return { flow_sid: flowSid, ...(full && filters !== null ? { filters } : {}), ...replay };
  return {
    url,
    method: options.methodEcho === 'lower' ? method.toLowerCase() : method,
    ...(target === 'webhook' ? { filters } : { [options.triggerEcho]: triggers }),
    ...replay,
  };
}
