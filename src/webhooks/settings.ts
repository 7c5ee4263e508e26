import { filterIssue, isEventName, isScopedEvent, type ScopedEvent } from '../events/scoped-events';
import { ApiError } from '../lib/api-error';
import { MAX_TRIGGER_LENGTH, MAX_TRIGGERS } from '../lib/limits';
import { quote } from '../lib/messages';
import { validateFlowSid } from '../lib/sids';
import { type Site, validateUrl } from '../lib/url';

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
export interface WebhookConfig {
  readonly url?: string;
  readonly method?: Method;
  readonly filters?: readonly ScopedEvent[];
  readonly triggers?: readonly string[];
  readonly flowSid?: string;
}

/** Checks each setting that was sent by itself, whatever the target. @throws ApiError the setting's code */
export function parseSettings(
  { Url, Method, Filters, Triggers, FlowSid }: Settings,
  site: Site,
): WebhookConfig {
  return {
    ...(Url !== undefined && { url: validateUrl(Url, site) }),
    ...(Method !== undefined && { method: checkMethod(Method) }),
    ...(Filters && { filters: checkFilters(Filters) }),
    ...(Triggers && { triggers: checkTriggers(Triggers) }),
    ...(FlowSid !== undefined && { flowSid: validateFlowSid(FlowSid) }),
  };
}

function checkMethod(method: string): Method {
  const lower = method.toLowerCase();
  if (lower === 'get' || lower === 'post') return lower;
  throw new ApiError(50055, `Method ${quote(method)} is neither get nor post`);
}

function checkFilters(filters: readonly string[]): ScopedEvent[] {
  if (filters.length === 0) throw new ApiError(50370, 'Filters is empty: name at least one event');
  const events = filters.map((name) => {
    if (!isScopedEvent(name)) throw new ApiError(50365, `Filters: ${filterIssue(name)}`);
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
