import { oneOf, quote } from '../../src/lib/error-text';
import type { Alert, CaseFile, Listener, Message } from './case';
import {
  attachCommand,
  listCommand,
  repairCommand,
  replayCommand,
  setupCommand,
  statusCommand,
  syncCommand,
} from './commands';
import { type Evidence, failedToManage, isHeard, isNeverAdded, keywordIn, type Missing } from './evidence';
import { duration, toMs, toSeconds } from './time';

/** docs/observing.md lists them. */
export type CauseKind =
  | 'no-webhook'
  | 'responded'
  | 'timeout'
  | 'unreachable'
  | 'function-failed'
  | 'not-attached'
  | 'other-deployment'
  | 'rest'
  | 'not-called'
  | 'attached-late'
  | 'filters'
  | 'shadowed'
  | 'already-in-profile'
  | 'other-profile'
  | 'unknown-profile'
  | 'keyword'
  | 'no-rule'
  | 'not-managed';

export interface Cause {
  readonly kind: CauseKind;
  /** The listener that it is about. */
  readonly listener: string | null;
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The command for it. */
  readonly command: string | null;
}

/** What a cause is about. */
export interface Subject {
  readonly listener?: Listener | undefined;
  readonly alert?: Alert | undefined;
  readonly missing?: Missing | undefined;
}

type Words = readonly [what: string, remedy: string, command?: string];

export function describeCause(kind: CauseKind, subject: Subject, evidence: Evidence): Cause {
  const [what, remedy, command = null] = WORDS[kind](subject, evidence);
  return { kind, listener: subject.listener?.label ?? subject.missing?.label ?? null, what, remedy, command };
}

/** All slots are taken. */
const NO_SLOT = 50361;
const EXPLAIN = 'npm run policy -- explain shows each condition.';

const WORDS: Readonly<Record<CauseKind, (subject: Subject, evidence: Evidence) => Words>> = {
  'no-webhook': (_, { file }) => [
    'Neither the conversation nor its service nor the account has a webhook.',
    'Register the account with npm run setup for conversations to come, and make this one managed:',
    syncCommand(file),
  ],
  responded: (subject) => [
    `${nameOf(subject)} responded ${statusOf(subject.alert)}; Twilio does not send the message again.`,
    'Look into the log of the receiver.',
  ],
  timeout: (subject, { line }) => [
    `${nameOf(subject)} took over five seconds; Twilio stopped waiting for it.`,
    subject.listener?.deployment && line
      ? 'Nothing, if it is rare: the functions finished, and what they decided counts.'
      : 'Let the receiver respond first and work afterwards.',
  ],
  unreachable: (subject) => [
    `${nameOf(subject)} could not be reached${subject.alert ? ` (error ${subject.alert.code})` : ''}.`,
    'Check that its host is up, and that its certificate is valid.',
  ],
  'function-failed': ({ listener }, { line, file }) => {
    const { status, code, message } = line ?? {};
    const what = `The functions got the message from ${listener?.label ?? 'the router'} and failed: ${[status, code, message].filter(Boolean).join(' ')}.`;
    return code === NO_SLOT
      ? [
          what,
          'List what uses the slots, detach what is not needed by its SID, and repair the conversation with npm run call -- sync:',
          listCommand(file),
        ]
      : [
          what,
          `docs/errors.md says what ${code ?? 'the status'} means; the next event of the conversation repairs it.`,
        ];
  },
  'not-attached': ({ missing }, { file }) => [
    `${notAttached(missing, file)}.`,
    missing?.refusal === undefined
      ? 'Repair the conversation:'
      : `Correct the webhook in the policy, deploy it, and repair the conversation; docs/errors.md has ${codeOf(missing.refusal)}:`,
    repairCommand(file),
  ],
  'other-deployment': ({ listener }, { file }) => [
    `${listener?.label} calls the functions at ${listener?.deployment}, not at ${file.host}.`,
    `Read their log with --url https://${listener?.deployment}, or detach what is left of them.`,
  ],
  rest: (_, { message, fired }) => [
    message.writer === 'carrier'
      ? 'It was written over the REST API in the name of its author, without X-Twilio-Webhook-Enabled: such a request calls no webhook.'
      : `It was ${message.writer === 'nobody' ? '' : 'probably '}written over the REST API${message.writer === 'nobody' ? ', as its author does not take part' : ''}; without the header X-Twilio-Webhook-Enabled such a request calls no webhook${fired === 'no' ? ', and none was called' : ''}.`,
    "Send X-Twilio-Webhook-Enabled: true with the request; xTwilioWebhookEnabled: 'true' in a helper library.",
  ],
  'not-called': (_, { file, message }) => [
    `The router should have been called, but the functions logged nothing about the message${isYoung(file.now, message.date) ? ' yet' : ''}, and Twilio reported no error.`,
    'Run this again in a minute; then check that the functions respond:',
    statusCommand(file),
  ],
  'attached-late': ({ listener }, { file, message }) => [
    `${listener?.label} was attached ${duration(toMs(listener?.created ?? message.date) - toSeconds(message.date) * 1000)} after the message, and nothing shows a replay.`,
    ...replay(listener, file, message),
  ],
  filters: ({ listener }) => [
    `${listener?.label} lacks the filter onMessageAdded${listener?.filters.length ? `; it has ${oneOf(listener.filters, 'and')}` : ''}.`,
    listener?.managed
      ? 'Nothing, if that is meant so: the policy or npm run setup wrote these filters.'
      : 'Add it with npm run call -- update, or attach the webhook with it.',
  ],
  shadowed: ({ listener }, { file }) => [
    `${listener?.label} is the account's webhook, and the service has its own in its place.`,
    'Register the service instead:',
    setupCommand(file),
  ],
  'already-in-profile': (_, { line }) => [
    `A rule matched, but its profile, ${line?.to}, was already the current one.`,
    'Nothing: the conversation has the webhooks of that profile.',
  ],
  'other-profile': (_, { line, file }) => [
    `A rule matched, but none applies in profile ${line?.to}${inProfiles(file.rules.flatMap(({ from }) => from ?? []))}.`,
    `Add the profile to the rule's from. ${EXPLAIN}`,
  ],
  'unknown-profile': (_, { line }) => [
    `The conversation is in profile ${line?.to}, which the policy does not have.`,
    'Sync it with a Profile, or add the profile to formerProfiles.',
  ],
  keyword: ({ listener }, { message }) => [
    listener && keywordIn(listener, message) === 'other case'
      ? `${listener.label} has the keyword in another letter case only: ${quoted(listener)}.`
      : `${listener?.label} is a trigger, and the message has none of its keywords: ${quoted(listener)}.`,
    'Add the keyword to its Triggers, in the policy if the webhook is in it.',
  ],
  'no-rule': (_, { line }) => [
    `No rule matches${line?.nearest ? `; ${line.nearest.rule} comes nearest, and needs ${oneOf(line.nearest.needs, 'and')}` : ''}.`,
    EXPLAIN,
  ],
  'not-managed': (_, { file }) => [
    `The conversation has no router, so no rule sees its messages${whyNotManaged(file)}.`,
    'Make it managed:',
    syncCommand(file),
  ],
};

/** `crm is in profile agent, and is not attached: Twilio refused it (50365 Invalid flow)` */
export function notAttached(missing: Missing | undefined, { router }: CaseFile): string {
  const why = missing?.refusal === undefined ? '' : `: Twilio refused it (${missing.refusal})`;
  return `${missing?.label} is in profile ${router?.profile}, and is not attached${why}`;
}

const codeOf = (refusal: string) => refusal.split(' ')[0];

/** How a webhook gets a message that it is too late for. */
function replay(
  listener: Listener | undefined,
  file: CaseFile,
  message: Message,
): [remedy: string, command?: string] {
  if (!listener || isHeard(listener, file))
    return [
      'The rules see later messages. To send this one, and all after it, to the webhooks of another profile, sync with it:',
      replayCommand(file, message),
    ];
  const url = listener.hasQuery ? ', with the query of its Url' : '';
  return [
    `Attach it again${url}; it gets this message and all after it, also those that it has:`,
    attachCommand(file, listener, message),
  ];
}

function whyNotManaged(file: CaseFile): string {
  const failed = failedToManage(file);
  if (failed) {
    const { event, operation, status, code = status, message } = failed;
    return `; ${event ?? operation} failed with error ${[code, message].filter(Boolean).join(' ')}`;
  }
  return isNeverAdded(file)
    ? '; it was probably created before the webhook for new conversations was registered, or over the REST API without X-Twilio-Webhook-Enabled'
    : '';
}

const nameOf = ({ listener, alert }: Subject) => listener?.label ?? alert?.address ?? 'A webhook';

const statusOf = (alert: Alert | undefined) => alert?.status ?? 'with an error';

const quoted = (listener: Listener | undefined) => oneOf((listener?.keywords ?? []).map(quote), 'and');

function inProfiles(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (they apply in ${oneOf([...new Set(names)])})`;
}

const isYoung = (now: string, date: string) => toMs(now) - toMs(date) < 60_000;
