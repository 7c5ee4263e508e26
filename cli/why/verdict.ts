import type { Alert, CaseFile, Line, Listener, Message } from './case';
import { type Cause, type CauseKind, describeCause, type Subject } from './causes';
import {
  alertOf,
  alertsOfFormer,
  detachedSince,
  type Evidence,
  evidenceOf,
  isHeard,
  isLate,
  isShadowed,
  keywordIn,
  lineOfCreation,
  missingWebhooks,
  wantsMessages,
  wasReplayed,
} from './evidence';

/** What became of one message. */
export interface Verdict {
  readonly message: string;
  /** Whom it reached: each of today's listeners, then those that are missing, then those that are gone. */
  readonly outcomes: readonly Outcome[];
  /** What the functions decided; null if they were not called, or their log could not be read. */
  readonly decision: Decision | null;
  /** Why something did not happen that somebody may expect, the likeliest first. None: nothing failed, and a rule decided. */
  readonly causes: readonly Cause[];
}

export interface Outcome {
  readonly listener: string;
  /**
   * `yes`: the functions logged it. `presumably`: nothing kept it from the listener, and no error was reported. `failed`:
   * it was sent, and not processed. `absent`: the profile has the webhook, and the conversation has not.
   */
  readonly got: 'yes' | 'presumably' | 'failed' | 'no' | 'unknown' | 'absent';
  /** Why not. */
  readonly cause?: CauseKind;
  /** When it was detached. */
  readonly detached?: string;
}

export interface Decision {
  readonly date: string;
  readonly result: string | null;
  readonly rule: string | number | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly why: string | null;
}

/** A kind of cause, about a listener or about none. */
interface Finding extends Subject {
  readonly kind: CauseKind;
  /** How likely it is: lower first. */
  readonly rank: number;
}

/** Who is to blame first: what failed, then what kept the event from everybody, then the rules, then settings of one webhook. */
const RANK = {
  failed: 1,
  elsewhere: 2,
  unmanaged: 3,
  silence: 4,
  late: 5,
  profile: 6,
  rule: 7,
  possible: 8,
  filters: 9,
  keyword: 10,
  design: 11,
} as const;

/** What the facts say about a message. It names no cause that they contradict. */
export function verdictOf(file: CaseFile, message: Message): Verdict {
  const evidence = evidenceOf(file, message);
  const judged = file.listeners.map((listener) => ({ listener, finding: findingOf(listener, evidence) }));
  const missing = missingWebhooks(file);
  const decision = decisionOf(evidence.line);
  const isDecided = decision !== null && decision.rule !== null;
  const findings = [
    ...judged.flatMap(({ finding }) => finding ?? []),
    ...alertsOfFormer(evidence).map(
      (alert): Finding => ({ kind: kindOfAlert(alert), alert, rank: RANK.failed }),
    ),
    ...missing.map((each): Finding => ({ kind: 'not-attached', missing: each, rank: RANK.failed })),
    ...findingsOfAll(evidence),
    ...findingsOfLine(evidence),
  ];
  const causes = findings
    .filter(({ rank }) => !isDecided || rank <= RANK.elsewhere)
    .filter((finding) => !isMeant(finding, file))
    .sort((a, b) => a.rank - b.rank)
    .map(({ kind, ...subject }) => describeCause(kind, subject, evidence));
  return {
    message: message.sid,
    outcomes: [
      ...judged.map(({ listener, finding }) => outcomeOf(listener, finding, evidence)),
      ...missing.map(({ label }): Outcome => ({ listener: label, got: 'absent', cause: 'not-attached' })),
      ...detachedSince(evidence).map(
        ({ label, date }): Outcome => ({ listener: label, got: 'unknown', detached: date }),
      ),
    ],
    decision,
    causes: withoutRepeats(causes),
  };
}

/** The webhook of the account or the service that `npm run setup` registers for conversations, not for messages. */
function isMeant({ kind, listener }: Finding, file: CaseFile): boolean {
  return (
    kind === 'filters' && listener !== undefined && listener.level !== 'scoped' && isHeard(listener, file)
  );
}

/** What kept the message from a listener; undefined if nothing is known that did. */
function findingOf(listener: Listener, evidence: Evidence): Finding | undefined {
  const { file, message, line, fired } = evidence;
  const found = (kind: CauseKind, rank: number): Finding => ({ kind, listener, rank });
  // The log says more than the alert about the same response.
  if (isHeard(listener, file) && line && line.status >= 400 && wantsMessages(listener, file))
    return found('function-failed', RANK.failed);
  const alert = alertOf(listener, evidence);
  if (alert) return { ...found(kindOfAlert(alert), RANK.failed), alert };
  if (listener.deployment !== null && !isHeard(listener, file))
    return found('other-deployment', RANK.elsewhere);
  if (isShadowed(listener, file)) return found('shadowed', RANK.design);
  if (!wantsMessages(listener, file))
    return found('filters', listener.deployment === null ? RANK.filters : RANK.design);
  if (listener.target === 'trigger' && keywordIn(listener, message) !== 'yes')
    return found('keyword', RANK.keyword);
  if (isHeard(listener, file) && line) return undefined;
  if (isLate(listener, message))
    return wasReplayed(listener, evidence) === false
      ? found('attached-late', lineOfCreation(listener, file)?.rule === undefined ? RANK.late : RANK.design)
      : undefined;
  if (fired !== 'no') return undefined;
  const kind = message.writer === 'carrier' ? 'not-called' : 'rest';
  return isHeard(listener, file) || kind === 'rest' ? found(kind, RANK.silence) : undefined;
}

/** Causes that are not about one listener. */
function findingsOfAll({ file, message, fired }: Evidence): Finding[] {
  if (file.listeners.length === 0) return [{ kind: 'no-webhook', rank: RANK.failed }];
  const possible: Finding[] = [];
  if (fired === 'no') {
    // The other one, less likely.
    const kind = message.writer === 'carrier' ? 'rest' : 'not-called';
    possible.push({ kind, rank: RANK.silence + 0.5 });
  }
  if (fired === 'unknown' && message.writer !== 'carrier')
    possible.push({ kind: 'rest', rank: message.writer === 'nobody' ? RANK.silence : RANK.possible });
  if (!file.listeners.some(({ level, deployment }) => level === 'scoped' && deployment !== null)) {
    // Whoever registered this deployment expects its rules to see the conversation.
    const isExpected = file.listeners.some((listener) => isHeard(listener, file));
    possible.push({ kind: 'not-managed', rank: isExpected ? RANK.unmanaged : RANK.design });
  }
  return possible;
}

/** Why the functions, which got the message, decided nothing. */
function findingsOfLine({ line, file }: Evidence): Finding[] {
  if (!line || line.status >= 400 || line.rule !== undefined) return [];
  const { result, why = '', to } = line;
  const found = (kind: CauseKind, rank: number): Finding[] => [{ kind, rank }];
  if (result === 'failed') return found('unknown-profile', RANK.profile);
  if (result === 'unmanaged') return found('not-managed', RANK.profile);
  if (why === 'no rule matches') return found('no-rule', RANK.rule);
  if (/^already in profile /.test(why)) return found('already-in-profile', RANK.profile);
  if (!/^no rule matches in profile /.test(why)) return [];
  // Rules matched, but apply in other profiles alone.
  const inapplicable = file.rules.filter(({ from }) => from !== null && !from.includes(`${to}`));
  const isInForce = inapplicable.length > 0 && inapplicable.every(({ profile }) => profile === to);
  return found(isInForce ? 'already-in-profile' : 'other-profile', RANK.profile);
}

function outcomeOf(listener: Listener, finding: Finding | undefined, evidence: Evidence): Outcome {
  const { file, message, line, fired } = evidence;
  const { label } = listener;
  const cause = finding && { cause: finding.kind };
  if (finding?.rank === RANK.failed) return { listener: label, got: 'failed', ...cause };
  if (finding)
    return { listener: label, got: finding.kind === 'other-deployment' ? 'unknown' : 'no', ...cause };
  if (isHeard(listener, file)) return { listener: label, got: line ? 'yes' : 'unknown' };
  if (isLate(listener, message))
    return { listener: label, got: wasReplayed(listener, evidence) ? 'presumably' : 'unknown' };
  const isKnown = fired === 'yes' || (fired === 'unknown' && message.writer !== 'nobody');
  return { listener: label, got: isKnown ? 'presumably' : 'unknown' };
}

function decisionOf(line: Line | undefined): Decision | null {
  if (!line) return null;
  const { date, result = null, rule = null, from = null, to = null, why = null } = line;
  return { date, result, rule, from, to, why };
}

function kindOfAlert({ code, status }: Alert): CauseKind {
  if (code === 50076) return 'timeout';
  return code === 11217 || status !== null ? 'responded' : 'unreachable';
}

/** One cause may keep the message from several listeners. */
function withoutRepeats(causes: readonly Cause[]): Cause[] {
  return causes.filter(({ what }, i) => causes.findIndex((other) => other.what === what) === i);
}
