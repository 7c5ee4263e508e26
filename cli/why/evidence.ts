import type { Alert, CaseFile, Line, Listener, Message } from './case';
import { toMs, toSeconds } from './time';

const ADDED = 'onMessageAdded';
const CREATED = 'onConversationAdded';
/** Lines of versions that do not log an index are joined by their dates. */
const MAX_GUESS_MS = 10_000;
/** For so many messages after its `Replay` a router's webhooks are created with it, whenever that is. */
const MAX_REPLAYED = 10;

/** What the records say about one message. */
export interface Evidence {
  readonly file: CaseFile;
  readonly message: Message;
  /** The functions' line of its event; the one that decided, if there are several. */
  readonly line: Line | undefined;
  /**
   * Whether the message fired webhooks at all: `yes` if one was called, `no` if one was not that should have been, and its
   * log is known.
   */
  readonly fired: 'yes' | 'no' | 'unknown';
}

export function evidenceOf(file: CaseFile, message: Message): Evidence {
  const lines = linesOf(file, message);
  const line = lines.find(({ rule }) => rule !== undefined) ?? lines[0];
  const wasCalled =
    file.alerts.some((alert) => isAbout(alert, message)) ||
    lines.some((each) => !isReplay(each, file, message));
  const isSilent =
    lines.length === 0 &&
    isLogged(file, message) &&
    file.listeners.some(
      (listener) => isHeard(listener, file) && !isLate(listener, message) && wantsMessages(listener, file),
    );
  return { file, message, line, fired: wasCalled ? 'yes' : isSilent ? 'no' : 'unknown' };
}

/** Whether the listener came after the message. Within a second nobody can tell. */
export function isLate({ created }: Listener, { date }: Message): boolean {
  return created !== null && toSeconds(created) > toSeconds(date);
}

/** Whether a listener that came later was sent the message: true, false, or undefined if the log does not say. */
export function wasReplayed(listener: Listener, { file, message, line }: Evidence): boolean | undefined {
  if (listener.replayAfter !== null) return listener.replayAfter <= message.index;
  if (isHeard(listener, file) && line) return true;
  const creating = lineOfCreation(listener, file);
  if (creating?.replay !== undefined) return creating.replay <= message.index;
  const attaching = file.log.lines.find(
    ({ operation, date, replayed }) =>
      operation === 'attach' && replayed === true && isWhenCreated(date, listener),
  );
  if (attaching) return undefined;
  return isDue(listener, file, message);
}

/** Whether the router's `Replay` has the message for a webhook that came later: undefined if nobody knows. */
function isDue(
  { level, label, created }: Listener,
  { router, policyIssue, messages }: CaseFile,
  { index }: Message,
): boolean | undefined {
  if (!router || level !== 'scoped' || index < router.replay) return false;
  if (policyIssue !== null) return undefined;
  if (!router.webhooks?.includes(label)) return false;
  const newest = messages.findLast(({ date }) => created !== null && toSeconds(date) <= toSeconds(created));
  return (newest?.index ?? index) < router.replay + MAX_REPLAYED || undefined;
}

const isWhenCreated = (date: string, { created }: Listener) =>
  created !== null && Math.abs(toSeconds(date) - toSeconds(created)) <= MAX_GUESS_MS / 1000;

/** The line of the call that attached one of the policy's webhooks. */
export function lineOfCreation(listener: Listener, { log }: CaseFile): Line | undefined {
  return log.lines.findLast(
    ({ date, steps }) => steps?.includes(`create ${listener.label}`) && isWhenCreated(date, listener),
  );
}

/** The line of the newest call that should have made the conversation managed, and failed. */
export function failedToManage({ log }: CaseFile): Line | undefined {
  return log.lines.findLast(
    ({ operation, event, status }) => status >= 400 && (operation === 'sync' || event === CREATED),
  );
}

/** Whether the functions get new conversations, and the log has nothing of this one. */
export function isNeverAdded(file: CaseFile): boolean {
  const { log, listeners } = file;
  return (
    !log.lines.some(({ event }) => event === CREATED) &&
    listeners.some(
      (listener) =>
        isHeard(listener, file) && !isShadowed(listener, file) && listener.filters.includes(CREATED),
    )
  );
}

/** Whether the listener calls the functions whose log was read. */
export function isHeard({ deployment }: Listener, { host }: CaseFile): boolean {
  return deployment === host;
}

/** Whether the log has all that the functions had to say of the message. */
export function isLogged({ log }: CaseFile, { date }: Message): boolean {
  return log.issue === null && toMs(log.from) <= toMs(date);
}

export function wantsMessages(listener: Listener, file: CaseFile): boolean {
  if (isShadowed(listener, file)) return false;
  return listener.target === 'trigger' || listener.filters.includes(ADDED);
}

/** Whether the service's own webhook takes the place of the account's. */
export function isShadowed({ level }: Listener, { listeners }: CaseFile): boolean {
  return level === 'account' && listeners.some((other) => other.level === 'service');
}

export function keywordIn({ keywords }: Listener, { body }: Message): 'yes' | 'other case' | 'no' {
  const text = body ?? '';
  if (keywords.some((keyword) => text.includes(keyword))) return 'yes';
  const lower = text.toLowerCase();
  return keywords.some((keyword) => lower.includes(keyword.toLowerCase())) ? 'other case' : 'no';
}

/** A webhook of the router's profile that is not attached. */
export interface Missing {
  readonly label: string;
  /** What Twilio said when the functions would create it: `50365 Invalid flow`; undefined if the log does not say. */
  readonly refusal: string | undefined;
}

export function missingWebhooks({ router, listeners, log }: CaseFile): readonly Missing[] {
  const attached = new Set(listeners.map(({ label }) => label));
  return (router?.webhooks ?? [])
    .filter((label) => !attached.has(label))
    .map((label) => {
      const refused = `Twilio refused to create ${label}: `;
      const warning = log.lines
        .flatMap(({ warnings = [] }) => warnings)
        .findLast((text) => text.startsWith(refused));
      return { label, refusal: warning?.slice(refused.length) };
    });
}

/** The newest alert about the message that this listener caused. */
export function alertOf(listener: Listener, { file, message }: Evidence): Alert | undefined {
  return file.alerts.filter((alert) => isAbout(alert, message) && isFrom(alert, listener, file)).at(-1);
}

/** Alerts about the message that none of today's listeners caused. */
export function alertsOfFormer({ file, message }: Evidence): readonly Alert[] {
  return file.alerts.filter(
    (alert) => isAbout(alert, message) && !file.listeners.some((listener) => isFrom(alert, listener, file)),
  );
}

/** The names of webhooks that were attached when the message came, and are not any more. */
export function detachedSince({ file, message }: Evidence): { label: string; date: string }[] {
  const seen = new Set<string>();
  return file.log.lines
    .filter(({ date }) => toSeconds(date) >= toSeconds(message.date))
    .flatMap(({ date, steps = [] }) => steps.map((step) => ({ date, step })))
    .flatMap(({ date, step }) => {
      const [, change = '', label = ''] = /^(create|update|delete) (.+)$/.exec(step) ?? [];
      if (label === '' || seen.has(label)) return [];
      seen.add(label);
      const isThere = file.listeners.some(
        (listener) => listener.label === label && !isLate(listener, message),
      );
      return change === 'delete' && !isThere ? [{ label, date }] : [];
    });
}

function linesOf({ log, messages }: CaseFile, message: Message): readonly Line[] {
  const added = log.lines.filter(({ operation, event }) => operation === 'event' && event === ADDED);
  const own = added.filter(({ index }) => index === message.index);
  if (own.length > 0) return own;
  const next = messages.find(({ index }) => index > message.index);
  const until = Math.min(
    toMs(message.date) + MAX_GUESS_MS,
    next ? toMs(next.date) : Number.POSITIVE_INFINITY,
  );
  return added.filter(
    ({ index, date }) =>
      index === undefined && toSeconds(date) >= toSeconds(message.date) && toMs(date) < until,
  );
}

/** A line from before any router of today is of one that was there then. */
function isReplay({ date }: Line, file: CaseFile, message: Message): boolean {
  const heard = file.listeners.filter((listener) => isHeard(listener, file));
  if (heard.some((listener) => !isLate(listener, message))) return false;
  return heard.some(({ created }) => created !== null && toSeconds(created) <= toSeconds(date));
}

function isAbout(alert: Alert, { sid, date }: Message): boolean {
  if (alert.event !== null && alert.event !== ADDED) return false;
  if (alert.message !== null) return alert.message === sid;
  const late = toMs(alert.date) - toMs(date);
  return late >= 0 && late < MAX_GUESS_MS;
}

/** By its SID, else by the URL: of two webhooks that call the same one, it is not from the one that does not get messages. */
function isFrom({ webhook, address }: Alert, listener: Listener, file: CaseFile): boolean {
  if (webhook !== null && listener.sid !== null) return webhook === listener.sid;
  const isKnown = webhook !== null && file.listeners.some(({ sid }) => sid === webhook);
  return !isKnown && address === listener.address && wantsMessages(listener, file);
}
