import { OrderedMap } from '../state/ordered-map';
import type {
  Binding,
  Configuration,
  Conversation,
  Media,
  Message,
  Participant,
  Receipt,
  Service,
  Source,
  State,
  Status,
  Target,
  User,
  Webhook,
  WebhookSettings,
} from '../state/records';
import { refuse } from '../twilio/errors';
import {
  adapt,
  type Codec,
  checked,
  choice,
  indexBy,
  keyed,
  list,
  nullable,
  ordered,
  record,
  sorted,
} from './codec';
import { count, date, jsonText, number, serial, sid, stored, text, url } from './fields';

export const webhookSettings = record<WebhookSettings>({
  preWebhookUrl: nullable(url),
  postWebhookUrl: nullable(url),
  filters: nullable(list(text)),
  method: nullable(text),
  target: text,
});

export const configuration = record<Configuration>({
  url: nullable(url),
  method: nullable(text),
  filters: nullable(list(text)),
  triggers: nullable(list(text)),
  flowSid: nullable(sid('FW')),
  replayAfter: nullable(count),
});

const webhook = checked(
  record<Webhook>({
    serial,
    sid: sid('WH'),
    dateCreated: date,
    dateUpdated: nullable(date),
    target: choice<Target>({ webhook: true, trigger: true, studio: true }),
    configuration,
  }),
  ({ target, configuration: { url, flowSid } }, path) => {
    if (target === 'studio' ? flowSid === null : url === null)
      refuse(20001, `${path}.configuration must have a ${target === 'studio' ? 'flowSid' : 'url'}`);
  },
);

const user = record<User>({
  ...stored('US'),
  identity: text,
  friendlyName: nullable(text),
  attributes: jsonText,
  roleSid: sid('RL'),
});

const participant = record<Participant>({
  ...stored('MB'),
  identity: nullable(text),
  binding: nullable(
    record<Binding>({
      type: choice<Binding['type']>({ sms: true, whatsapp: true }),
      address: nullable(text),
      proxyAddress: nullable(text),
      projectedAddress: nullable(text),
    }),
  ),
  attributes: jsonText,
  roleSid: sid('RL'),
  lastReadMessageIndex: nullable(count),
  lastReadTimestamp: nullable(text),
});

const receipt = record<Receipt>({
  ...stored('DY'),
  participantSid: sid('MB'),
  channelMessageSid: text,
  status: choice<Status>({ sent: true, delivered: true, read: true, failed: true, undelivered: true }),
  errorCode: nullable(count),
});

const message = record<Message>({
  ...stored('IM'),
  index: count,
  source: choice<Source>({ API: true, SDK: true, SMS: true, whatsapp: true }),
  clientIdentity: nullable(text),
  author: text,
  body: nullable(text),
  media: list(record<Media>({ sid: text, filename: nullable(text), contentType: text, size: number })),
  attributes: jsonText,
  participantSid: nullable(sid('MB')),
  contentSid: nullable(sid('HX')),
  receipts: keyed(receipt, 'participantSid'),
});

const conversation = checked(
  record<Omit<Conversation, 'service'>>({
    ...stored('CH'),
    messagingServiceSid: sid('MG'),
    friendlyName: nullable(text),
    uniqueName: nullable(text),
    attributes: jsonText,
    state: choice<State>({ active: true, inactive: true, closed: true }),
    dateInactive: nullable(date),
    dateClosed: nullable(date),
    nextIndex: count,
    participants: keyed(participant, 'sid'),
    messages: ordered(message),
    webhooks: keyed(webhook, 'sid'),
  }),
  ({ messages, nextIndex }, path) => {
    for (const [position, { index }] of messages.ordered.entries()) {
      const at = `${path}.messages[${position}].index`;
      if (index >= nextIndex) refuse(20001, `${at} must be less than nextIndex, ${nextIndex}`);
      if (index <= (messages.ordered[position - 1]?.index ?? -1))
        refuse(20001, `${at} must be greater than the one before it`);
    }
  },
);

type SavedService = Omit<Service, 'conversations' | 'byUniqueName' | 'byIdentity'> & {
  conversations: Omit<Conversation, 'service'>[];
};

export const service: Codec<Service> = adapt(
  record<SavedService>({
    ...stored('IS'),
    friendlyName: text,
    settings: webhookSettings,
    users: keyed(user, 'sid'),
    conversations: sorted(conversation),
  }),
  (service) => ({ ...service, conversations: [...service.conversations.ordered] }),
  ({ conversations, ...fields }, path) => {
    const service: Service = {
      ...fields,
      byIdentity: indexBy(fields.users.values(), 'identity', `${path}.users`),
      conversations: new OrderedMap(),
      byUniqueName: new Map(),
    };
    const added = conversations.map((saved): Conversation => ({ ...saved, service }));
    for (const conversation of added) service.conversations.add(conversation);
    service.byUniqueName = indexBy(added, 'uniqueName', `${path}.conversations`);
    return service;
  },
);
