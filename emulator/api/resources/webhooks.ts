import { addWebhook, MAX_WEBHOOKS, removeWebhook, updateWebhook } from '../../actions/webhooks';
import { isoSeconds } from '../../state/clock';
import type { Options } from '../../state/options';
import type { Conversation, Webhook } from '../../state/records';
import { ACCOUNT_SID } from '../../twilio/account';
import { page } from '../paging';
import {
  conversationOf,
  created,
  noContent,
  type Operation,
  ok,
  type Scope,
  scopeOf,
  webhookOf,
} from '../request';
import { echoKeywords, echoMethod } from './echo';
import { readConfiguration, readTarget } from './webhook-params';

const create: Operation = (request) => {
  const { context, params } = request;
  const conversation = conversationOf(request);
  const target = readTarget(params);
  const webhook = addWebhook(
    context,
    conversation,
    target,
    readConfiguration(target, params, context.options),
  );
  return created(printWebhook(scopeOf(request), conversation, webhook, context.options));
};

const fetch: Operation = (request) => {
  const conversation = conversationOf(request);
  return ok(
    printWebhook(scopeOf(request), conversation, webhookOf(request, conversation), request.context.options),
  );
};

const update: Operation = (request) => {
  const { context, params } = request;
  const conversation = conversationOf(request);
  const webhook = webhookOf(request, conversation);
  const configuration = readConfiguration(webhook.target, params, context.options, webhook.configuration);
  updateWebhook(context, conversation, webhook, configuration);
  return ok(printWebhook(scopeOf(request), conversation, webhook, context.options));
};

const remove: Operation = (request) => {
  const conversation = conversationOf(request);
  removeWebhook(request.context, conversation, webhookOf(request, conversation));
  return noContent;
};

const list: Operation = (request) => {
  const conversation = conversationOf(request);
  const place = scopeOf(request);
  const rules = { key: 'webhooks', default: MAX_WEBHOOKS, max: MAX_WEBHOOKS };
  const { faults, clock, options } = request.context;
  return page(request, faults.staleLists.list(conversation, clock.now()), rules, (webhook) =>
    printWebhook(place, conversation, webhook, options),
  );
};

export function printWebhook(
  { root, scoped }: Scope,
  conversation: Conversation,
  webhook: Webhook,
  options: Options,
) {
  return {
    sid: webhook.sid,
    account_sid: ACCOUNT_SID,
    ...(scoped ? { chat_service_sid: conversation.service.sid } : {}),
    conversation_sid: conversation.sid,
    target: webhook.target,
    url: `${root}/Conversations/${conversation.sid}/Webhooks/${webhook.sid}`,
    configuration: printConfiguration(webhook, options),
    date_created: isoSeconds(webhook.dateCreated),
    date_updated: printDateUpdated(webhook, options),
  };
}

function printDateUpdated({ dateCreated, dateUpdated }: Webhook, options: Options): string | null {
  if (dateUpdated !== null) return isoSeconds(dateUpdated);
  return options.dateUpdated === 'null' ? null : isoSeconds(dateCreated);
}

function printConfiguration({ target, configuration }: Webhook, options: Options) {
  const { url, filters, triggers, flowSid, replayAfter } = configuration;
  const full = options.echoUndocumented === 'yes';
  const replay = full && replayAfter !== null ? { replay_after: replayAfter } : {};
  if (target === 'studio')
    return { flow_sid: flowSid, ...(full && filters !== null ? { filters } : {}), ...replay };
  return {
    url,
    method: echoMethod(configuration.method ?? options.defaultMethod, options),
    ...(target === 'webhook' ? { filters } : { [options.triggerEcho]: echoKeywords(triggers, options) }),
    ...replay,
  };
}

export const webhooks = { create, fetch, list, update, remove };
