import { ApiError } from '../errors';
import { didYouMean, oneOf, quote } from '../wording';
import { isEventName, isScopedEvent, notAFilter, type ScopedEvent } from './events';
import { MAX_TRIGGER_LENGTH, MAX_TRIGGERS } from './limits';
import { checkFlowSid } from './sids';
import { checkUrl, type Site } from './url';

export const TARGETS = ['webhook', 'trigger', 'studio'] as const;
export type Target = (typeof TARGETS)[number];
export type Method = 'get' | 'post';

/** The settings of a webhook under the names and in the form in which people send them; undefined: not sent. */
export interface Settings {
  readonly Url?: string | undefined;
  readonly Method?: string | undefined;
  readonly Filters?: readonly string[] | undefined;
  readonly Triggers?: readonly string[] | undefined;
  readonly FlowSid?: string | undefined;
}

/** Settings that passed every check that Twilio documents, in one form: relative URLs resolved, lists without repeats. */
export interface Configured {
  readonly url?: string;
  readonly method?: Method;
  readonly filters?: readonly ScopedEvent[];
  readonly triggers?: readonly string[];
  readonly flowSid?: string;
}

/** A webhook that somebody wants: all that its target needs, and nothing that it does not have. */
export type Definition =
  | { target: 'webhook'; url: string; method: Method; filters: readonly ScopedEvent[] }
  | { target: 'trigger'; url: string; method: Method; triggers: readonly string[] }
  | { target: 'studio'; flowSid: string; filters?: readonly ScopedEvent[] };

type Name = keyof Settings;

const SETTINGS: Readonly<Record<Target, readonly Name[]>> = {
  webhook: ['Url', 'Method', 'Filters'],
  trigger: ['Url', 'Method', 'Triggers'],
  studio: ['FlowSid', 'Filters'],
};

/**
 * @throws ApiError 50368, 50364 for the target; 20001 for a setting that the target does not have; the code of a setting
 * that is wrong or missing
 */
export function define(target: string | undefined, settings: Settings, site: Site): Definition {
  if (target === undefined) throw new ApiError(50368, `Target is missing: send ${oneOf(TARGETS)}`);
  const known = checkTarget(target);
  checkBelonging(known, settings);
  const { url, method = 'post', filters, triggers, flowSid } = configure(settings, site);
  const need = <T>(value: T | undefined, name: Name, code: number): T => {
    if (value === undefined) throw new ApiError(code, `${name} is missing: Target=${known} needs it`);
    return value;
  };
  switch (known) {
    case 'webhook':
      return {
        target: known,
        url: need(url, 'Url', 50369),
        method,
        filters: need(filters, 'Filters', 50370),
      };
    case 'trigger':
      return {
        target: known,
        url: need(url, 'Url', 50369),
        method,
        triggers: need(triggers, 'Triggers', 50371),
      };
    case 'studio':
      return { target: known, flowSid: need(flowSid, 'FlowSid', 50367), ...(filters && { filters }) };
  }
}

/** Checks each setting that was sent by itself, whatever the target. @throws ApiError the setting's code */
export function configure({ Url, Method, Filters, Triggers, FlowSid }: Settings, site: Site): Configured {
  return {
    ...(Url !== undefined && { url: checkUrl(Url, site) }),
    ...(Method !== undefined && { method: checkMethod(Method) }),
    ...(Filters && { filters: checkFilters(Filters) }),
    ...(Triggers && { triggers: checkTriggers(Triggers) }),
    ...(FlowSid !== undefined && { flowSid: checkFlowSid(FlowSid) }),
  };
}

/** @throws ApiError 20001 for the first setting that the target does not have, with the one that was probably meant */
export function checkBelonging(target: Target, settings: Settings): void {
  const stranger = sent(settings).find((name) => !SETTINGS[target].includes(name));
  if (stranger)
    throw new ApiError(20001, `${stranger} does not belong to Target=${target}; ${meant(target, stranger)}`);
}

/** @throws ApiError 20001 where no target has all the settings that were sent */
export function checkTogether(settings: Settings): void {
  const names = sent(settings);
  if (TARGETS.some((target) => names.every((name) => SETTINGS[target].includes(name)))) return;
  throw new ApiError(
    20001,
    `No webhook has ${oneOf(names, 'and')} together; send what belongs to its target`,
  );
}

/** @throws ApiError 50364 */
export function checkTarget(target: string): Target {
  const known = TARGETS.find((name) => name === target);
  if (known) return known;
  const hint = didYouMean(target, TARGETS) || `; send ${oneOf(TARGETS)}`;
  throw new ApiError(50364, `Target ${quote(target)} is unknown${hint}`);
}

function sent(settings: Settings): Name[] {
  const names: readonly Name[] = ['Url', 'Method', 'Filters', 'Triggers', 'FlowSid'];
  return names.filter((name) => settings[name] !== undefined);
}

function meant(target: Target, stranger: Name): string {
  if (target === 'webhook' && stranger === 'Triggers')
    return 'did you mean Filters, the events that it receives?';
  if (target === 'trigger' && stranger === 'Filters')
    return 'did you mean Triggers, the keywords that fire it?';
  const others = TARGETS.filter((other) => SETTINGS[other].includes(stranger)).map(
    (other) => `Target=${other}`,
  );
  return `did you mean ${oneOf(others)}? Target=${target} takes ${oneOf(SETTINGS[target], 'and')}`;
}

function checkMethod(method: string): Method {
  const lower = method.toLowerCase();
  if (lower === 'get' || lower === 'post') return lower;
  throw new ApiError(50055, `Method ${quote(method)} is neither get nor post`);
}

function checkFilters(filters: readonly string[]): ScopedEvent[] {
  if (filters.length === 0) throw new ApiError(50370, 'Filters is empty: name at least one event');
  const events = filters.map((name) => {
    if (!isScopedEvent(name)) throw new ApiError(50365, `Filters: ${notAFilter(name)}`);
    return name;
  });
  return [...new Set(events)];
}

function checkTriggers(triggers: readonly string[]): string[] {
  if (triggers.length === 0) throw new ApiError(50371, 'Triggers is empty: name at least one keyword');
  if (triggers.length > MAX_TRIGGERS)
    throw new ApiError(
      50362,
      `Triggers has ${triggers.length} keywords; Twilio takes at most ${MAX_TRIGGERS}`,
    );
  for (const keyword of triggers) {
    const fault = keywordFault(keyword);
    if (fault) throw new ApiError(50366, `Triggers: ${fault}`);
  }
  return [...new Set(triggers)];
}

function keywordFault(keyword: string): string | undefined {
  if (keyword.trim() === '') return 'a keyword is empty';
  if (keyword.length > MAX_TRIGGER_LENGTH)
    return `a keyword has ${keyword.length} characters; Twilio takes at most ${MAX_TRIGGER_LENGTH}`;
  if (isEventName(keyword))
    return `${quote(keyword)} is an event, not a keyword; did you mean Target=webhook with Filters?`;
  return undefined;
}
