import type { OptionName } from '../../emulator/state/options';
import { CliError } from '../errors';
import { counted } from '../format';
import { sanitizeUrl } from '../sanitize';
import { table } from '../table';
import type { Api, Fields } from './api';
import type { Options } from './options';
import type { Need, Question } from './question';
import { questions, unasked } from './questions';
import { isReceiverUrl } from './receiver';

/** The shared conversation, and its end. */
const OWN_REQUESTS = 2;

/** A webhook of the account or of the service. */
interface OuterWebhook {
  /** `the account's`, or `the service's`. */
  readonly whose: string;
  /** Without its query, which may be a secret. */
  readonly urls: readonly string[];
  readonly filters: readonly string[];
}

interface NotAsked {
  /** Of the question, or of the option that no question is about. */
  readonly name: string;
  readonly option?: OptionName | undefined;
  readonly reason: string;
}

export interface Plan {
  readonly ask: readonly Question[];
  readonly notAsked: readonly NotAsked[];
  readonly webhooks: readonly OuterWebhook[];
}

const NEEDS: Readonly<Record<Need, string>> = {
  receiver: '--receiver URL',
  flow: '--flow FW…',
  customer: '--customer +… --number +…',
  url: '--url https://DOMAIN',
  authToken: 'AUTH_TOKEN',
  accountWebhook: '--account-webhook',
};

/** What to ask. Reads the account's webhooks, and changes nothing. @throws CliError if this is not the account */
export async function plan(api: Api, options: Options): Promise<Plan> {
  const { settings, variables, only } = options;
  const account = await api.expect('GET', 'conversations', '/v1/Configuration/Webhooks');
  if (account.account_sid !== variables.ACCOUNT_SID)
    throw new CliError(`${api.origin} does not respond like Twilio's API; check TWILIO_API_BASE_URL`);
  const service = settings.service ?? (await defaultService(api));
  const own = await api.expect('GET', 'conversations', `/v1/Services/${service}/Configuration/Webhooks`);
  const webhooks = [toWebhook("the account's", account), toWebhook("the service's", own)].filter(
    ({ urls }) => urls.length > 0,
  );
  const isAccountFree = !webhooks.some(({ whose }) => whose === "the account's");
  const ask: Question[] = [];
  const notAsked: NotAsked[] = [];
  for (const question of questions.filter(({ name }) => only?.includes(name) ?? true)) {
    const { name, option } = question;
    const reason = whyNot(question, options, isAccountFree);
    if (reason === undefined) ask.push(question);
    else notAsked.push({ name, option, reason });
  }
  if (!only)
    for (const [name, reason] of Object.entries(unasked))
      notAsked.push({ name, option: name as OptionName, reason });
  return { ask, notAsked, webhooks };
}

async function defaultService(api: Api): Promise<string> {
  const { default_chat_service_sid: sid } = await api.expect('GET', 'conversations', '/v1/Configuration');
  return `${sid}`;
}

/** Without what an earlier run has left, and this one removes. */
function toWebhook(
  whose: string,
  { post_webhook_url: post, pre_webhook_url: pre, filters }: Fields,
): OuterWebhook {
  const urls = [post, pre].filter(
    (url): url is string => typeof url === 'string' && url !== '' && !isReceiverUrl(url),
  );
  return {
    whose,
    urls: urls.map((url) => sanitizeUrl(url, 'another URL')),
    filters: Array.isArray(filters) ? filters.map(String) : [],
  };
}

function whyNot(
  { needs = [] }: Question,
  { settings, receiver, accountWebhook }: Options,
  isAccountFree: boolean,
): string | undefined {
  const has: Record<Need, boolean> = {
    receiver: receiver !== undefined,
    flow: settings.flow !== undefined,
    customer: settings.customer !== undefined,
    url: settings.deployment !== undefined,
    authToken: Boolean(settings.authToken),
    accountWebhook,
  };
  const missing = needs.filter((need) => !has[need]).map((need) => NEEDS[need]);
  if (missing.length > 0) return `needs ${missing.join(' and ')}`;
  if (needs.includes('accountWebhook') && !isAccountFree) return 'the account has a webhook of its own';
  return undefined;
}

/** The webhooks that would get events of the probe, a sentence each. */
export function reactions({ ask, webhooks }: Plan): string[] {
  const events = new Set(ask.flatMap(({ events = [] }) => events));
  return webhooks.flatMap(({ whose, urls, filters }) => {
    // A pre-event has the beginning of its post-event's name.
    const heard = filters.filter((filter) => [...events].some((event) => event.startsWith(filter)));
    return heard.length > 0 ? [`${whose} webhook (${urls.join(', ')}) gets ${heard.join(', ')}`] : [];
  });
}

/** The questions, what they cost, and what else they reach. */
export function describe(
  { ask, notAsked, webhooks }: Plan,
  { settings }: Options,
  width: number | undefined,
): string[] {
  const sum = (count: (question: Question) => number | undefined) =>
    ask.reduce((total, question) => total + (count(question) ?? 0), 0);
  const asks = (...names: string[]) => ask.some(({ name }) => names.includes(name));
  const conversations = 1 + sum((question) => question.conversations);
  const messages = sum((question) => question.messages);
  return [
    ...table(
      [
        ...ask.map(({ name, asks }, i) => [`${i + 1}.`, name, asks]),
        ...notAsked.map(({ name, reason }) => ['–', name, `not asked: ${reason}`]),
      ],
      { indent: '  ', isNumbered: true, width },
    ),
    `Takes at most ${counted(OWN_REQUESTS + sum(({ requests }) => requests), 'API request')}, ` +
      `${counted(conversations, 'conversation')} and ${counted(messages, 'message')}, and removes all of it.`,
    asks('contact-address')
      ? `One message is written in the name of ${settings.customer}, as a participant: should Twilio send it, it is charged.`
      : 'The messages are written over the API, in conversations without a phone number: no carrier is involved.',
    ...(ask.some(({ needs }) => needs?.includes('flow'))
      ? [`The flow ${settings.flow} is started, and runs until its execution is ended.`]
      : []),
    ...(asks('studio-webhook', 'unbatched-events')
      ? ['Meanwhile the receiver gets the ends of all Studio executions of the account.']
      : []),
    ...(asks('account-webhook')
      ? ["Meanwhile the receiver gets changes of all the account's conversations, as the account's webhook."]
      : []),
    ...webhooks
      .filter(({ filters }) => filters.some((filter) => 'onConversationAdded'.startsWith(filter)))
      .map(
        ({ whose, urls }) =>
          `${whose[0]?.toUpperCase()}${whose.slice(1)} webhook (${urls.join(', ')}) gets new conversations. ` +
          'Those of the probe are created without X-Twilio-Webhook-Enabled, and should not reach it.',
      ),
  ];
}
