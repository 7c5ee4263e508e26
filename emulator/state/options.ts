import { quote, suggest } from '../error-text';

/**
 * One option for each behaviour of Twilio that is not known. The first value is the default: what the documentation
 * says, or the most cautious reading. docs/emulator.md lists them all.
 */
export const definitions = {
  tooManyWebhooksStatus: {
    values: [403, 400],
    why: '50361 is documented, its HTTP status is not; the limits page speaks of 403',
  },
  notFoundCode: {
    values: ['generic', 'specific'],
    why: 'a missing resource is 20404, or 50350/50360/50363 and their kin',
  },
  uniqueNameStatus: { values: [409, 400], why: '50353 is documented, its HTTP status is not' },
  closedWebhooks: {
    values: ['refuse', 'allow'],
    why: 'whether webhooks can be created and updated on a closed conversation (50377)',
  },
  pageSizeTooLarge: {
    values: ['clamp', 'refuse'],
    why: 'a PageSize over the maximum is cut, or refused with 20007',
  },
  replayAfterBeyondNewest: {
    values: ['accept', 'refuse'],
    why: 'whether a webhook can be created with a ReplayAfter beyond the newest message, or is 400',
  },
  defaultMethod: { values: ['post', 'get'], why: 'the method of a webhook that was created without one' },
  methodEcho: {
    values: ['sent', 'lower', 'upper'],
    why: 'the case in which the method of a webhook or sink comes back',
  },
  triggerEcho: {
    values: ['triggers', 'filters'],
    why: 'the examples return keywords as filters, clients read triggers',
  },
  keywordEcho: {
    values: ['sent', 'lower'],
    why: 'the case in which the keywords of a trigger come back; they are compared as they were sent',
  },
  dateUpdated: {
    values: ['created', 'null'],
    why: 'the date_updated of a webhook that was never updated',
  },
  echoUndocumented: {
    values: ['no', 'yes'],
    why: 'whether configuration shows replay_after, and the filters of a studio webhook',
  },
  triggerCase: { values: ['sensitive', 'insensitive'], why: 'how keywords are compared with a message body' },
  extraFilters: {
    values: ['refuse', 'accept'],
    why: 'whether a scoped webhook may filter onConversationAdded and onUser… although they cannot fire',
  },
  chatServiceSid: {
    values: ['documented', 'always'],
    why: 'ChatServiceSid is seen on new messages and documented for conversations and receipts, not elsewhere',
  },
  messageServiceSids: {
    values: ['sent', 'absent'],
    why: 'whether a new message has ChatServiceSid and MessagingServiceSid; of two captures one has neither',
  },
  accountWebhook: {
    values: ['shadowed', 'also'],
    why: 'whether the account’s webhook still gets the events of a service that has its own',
  },
  studioReattaches: {
    values: ['off', 'on', 'late'],
    why: 'whether Studio puts a webhook that is missing back when its execution ends, and before or after it says so',
  },
  contactChannelAddress: {
    values: ['conversation', 'customer'],
    why: 'whether contact_channel_address of an execution is the conversation’s SID, or the customer’s address',
  },
  sinkSharing: {
    values: ['refuse', 'accept'],
    why: 'whether a sink takes more than one subscription; documented as a list, seen refused',
  },
  unbatchedEvents: {
    values: ['array', 'object'],
    why: 'whether a sink without batch_events gets an array of one event, or the event itself',
  },
  concurrencyLimit: {
    integer: 0,
    min: 0,
    why: 'how many API requests may be under way at once; one more is 429/20429. 0 is any number: Twilio does not publish its limit',
  },
  webhookTimeout: { integer: 5000, min: 1, why: 'milliseconds a delivery may take; Twilio’s are 5000' },
} as const;

type Definitions = typeof definitions;
type Value<D> = D extends { values: readonly (infer V)[] } ? V : number;
export type OptionName = keyof Definitions;
export type Options = { -readonly [Name in OptionName]: Value<Definitions[Name]> };

export const optionNames = Object.keys(definitions) as OptionName[];

export function defaultOptions(): Options {
  const entries = Object.entries(definitions).map(([name, definition]) => [
    name,
    'integer' in definition ? definition.integer : definition.values[0],
  ]);
  return Object.fromEntries(entries) as Options;
}

/** @throws Error that says what the option must be */
export function setOption(options: Options, name: string, text: string): void {
  if (!Object.hasOwn(definitions, name)) {
    throw new Error(`Unknown option ${quote(name)}${suggest(name, optionNames)}`);
  }
  const definition = definitions[name as OptionName];
  Object.assign(options, { [name]: parse(name, definition, text) });
}

function parse(name: string, definition: Definitions[OptionName], text: string): string | number {
  if ('integer' in definition) {
    const { min } = definition;
    if (/^(0|[1-9]\d{0,6})$/.test(text) && Number(text) >= min) return Number(text);
    throw new Error(`Option ${name} must be an integer from ${min} to 9999999, not ${quote(text)}.`);
  }
  const value = definition.values.find((candidate) => String(candidate) === text);
  if (value !== undefined) return value;
  throw new Error(`Option ${name} must be ${definition.values.join(' or ')}, not ${quote(text)}.`);
}
