import { ruleName } from '../../src/policy/rule';
import { desiredState } from '../../src/sync/desired-state';
import { fieldsOf } from '../../src/twilio/api';
import { conversationPath } from '../../src/twilio/client';
import { send } from '../../src/twilio/transport';
import { Client, type Fields } from '../client';
import { type DeployedPolicy, readDeployedPolicy } from '../deployed-policy';
import { CliError } from '../errors';
import { readOnly } from '../transport';
import { readAlerts } from './alerts';
import type { CaseFile, Message } from './case';
import { configuredListener, routerOf, scopedListeners } from './listeners';
import { readLog } from './log';
import type { Options } from './options';
import { toMs } from './time';

/** Of a conversation, the newest. */
const MAX_MESSAGES = 100;
/** How long before a message its log is read: the clocks of two APIs may differ. */
const MARGIN_MS = 60_000;
/** How long Twilio keeps logs and alerts; it refuses requests for older alerts. */
const MAX_AGE_MS = 30 * 86_400_000;

/** Reads everything about a conversation, and changes nothing. @param folder of the policy. @throws CliError or ApiError */
export async function gather(options: Options, folder: string): Promise<CaseFile> {
  const { conversation: name, service, origin, envFile, variables } = options;
  const { host } = new URL(origin);
  const client = new Client(variables, readOnly(send));
  const key = { ConversationSid: name, ServiceSid: service };
  const path = conversationPath(key);
  const [list, found] = await Promise.all([
    client.conversation(key).list(),
    client.record('conversations', path),
  ]);
  const sid = `${found.sid}`;
  const ownService = `${found.chat_service_sid}`;
  const [messages, ofService, ofAccount] = await Promise.all([
    readMessages(client, path, options.message),
    client.record('conversations', `/v1/Services/${ownService}/Configuration/Webhooks`),
    client.record('conversations', '/v1/Configuration/Webhooks'),
  ]);
  const now = Math.max(list.date * 1000, ...messages.map(({ date }) => toMs(date)));
  const about = messages.find((message) => message.sid === options.message) ?? messages.at(-1);
  const since = Math.min(now - options.sinceMs, about && options.message ? toMs(about.date) : now);
  const from = iso(Math.max(since - MARGIN_MS, now - MAX_AGE_MS));
  const { deployed, policyIssue } = readPolicy(folder, options, host);
  const desired = deployed && desiredState(deployed.policy, deployed.site, service);
  const listeners = [
    ...scopedListeners(list.webhooks, desired, host),
    ...configuredListener('service', ofService, host),
    ...configuredListener('account', ofAccount, host),
  ];
  const names = [sid, ...(typeof found.unique_name === 'string' ? [found.unique_name] : [])];
  const [log, alerts] = await Promise.all([
    readLog(client, host, names, from),
    readAlerts(client, sid, listeners, from),
  ]);
  return {
    now: iso(now),
    since: iso(since),
    host,
    conversation: { sid, service: ownService, state: `${found.state}`, created: `${found.date_created}` },
    listeners,
    router: routerOf(list.webhooks, desired, host),
    firstProfile: deployed?.policy.rules.find(({ on }) => on === 'onConversationAdded')?.profile ?? null,
    commands: {
      service: service ?? null,
      flags: ['--url', origin, ...(envFile === undefined ? [] : ['--env', envFile])],
    },
    policyIssue,
    rules: rulesOf(deployed),
    messages,
    log,
    ...alerts,
  };
}

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** Names of webhooks are worth a valid policy, and nothing else here is. */
function readPolicy(
  folder: string,
  { variables }: Options,
  host: string,
): { readonly deployed?: DeployedPolicy; readonly policyIssue: string | null } {
  try {
    return { deployed: readDeployedPolicy(folder, variables, host), policyIssue: null };
  } catch (error) {
    if (error instanceof CliError) return { policyIssue: error.message };
    throw error;
  }
}

function rulesOf(deployed: DeployedPolicy | undefined): CaseFile['rules'] {
  return (deployed?.policy.rules ?? []).flatMap((rule, i) =>
    rule.on === 'onMessageAdded'
      ? [{ name: ruleName(rule, i), from: rule.from ?? null, profile: rule.profile }]
      : [],
  );
}

/** The newest messages, and the one in question, oldest first. */
async function readMessages(client: Client, path: string, wanted: string | undefined): Promise<Message[]> {
  const found: Fields[] = [];
  const writers = new Map<unknown, Message['writer']>();
  const [asked] = await Promise.all([
    wanted === undefined
      ? []
      : client.record('conversations', `${path}/Messages/${wanted}`).then((it) => [it]),
    (async () => {
      for await (const message of client.records(
        'conversations',
        `${path}/Messages?Order=desc&PageSize=100`,
        'messages',
      )) {
        found.push(message);
        if (found.length === MAX_MESSAGES) break;
      }
    })(),
    (async () => {
      for await (const { sid, messaging_binding } of client.records(
        'conversations',
        `${path}/Participants?PageSize=100`,
        'participants',
      ))
        writers.set(sid, fieldsOf(messaging_binding).address === undefined ? 'chat' : 'carrier');
    })(),
  ]);
  const others = found.filter(({ sid }) => sid !== wanted);
  return [...asked, ...others].map((fields) => toMessage(fields, writers)).sort((a, b) => a.index - b.index);
}

function toMessage(
  { sid, index, date_created, body, participant_sid, author }: Fields,
  writers: ReadonlyMap<unknown, Message['writer']>,
): Message {
  // Of one who has left, the author is all there is.
  const known = writers.get(participant_sid) ?? (/^\+?\d|:/.test(`${author}`) ? 'carrier' : 'chat');
  return {
    sid: `${sid}`,
    index: Number(index),
    date: `${date_created}`,
    writer: participant_sid === null || participant_sid === undefined ? 'nobody' : known,
    body: typeof body === 'string' ? body : null,
  };
}
