import { filterIssue, isEventName, isScopedEvent, type ScopedEvent } from '../events/scoped-events';
import { ApiError } from '../lib/api-error';
import { quote } from '../lib/error-text';
import { MAX_TRIGGER_LENGTH, MAX_TRIGGERS } from '../lib/limits';
import { validateFlowSid } from '../lib/sids';
import { type Site, validateUrl } from '../lib/url';

export type Method = 'get' | 'post';

/** The settings of a webhook as they are sent; undefined if not sent. */
export interface Settings {
  readonly Url?: string | undefined;
  readonly Method?: string | undefined;
  readonly Filters?: readonly string[] | undefined;
  readonly Triggers?: readonly string[] | undefined;
  readonly FlowSid?: string | undefined;
}

/** Validated settings in one form: relative URLs resolved, arrays without duplicates. */
export interface WebhookConfig {
  readonly url?: string;
  readonly method?: Method;
  readonly filters?: readonly ScopedEvent[];
  readonly triggers?: readonly string[];
  readonly flowSid?: string;
}

/** Validates each setting on its own, whatever the target. @throws ApiError the setting's code */
export function parseSettings(
  { Url, Method, Filters, Triggers, FlowSid }: Settings,
  site: Site,
): WebhookConfig {
  return {
    ...(Url !== undefined && { url: validateUrl(Url, site) }),
    ...(Method !== undefined && { method: parseMethod(Method) }),
    ...(Filters && { filters: parseFilters(Filters) }),
    ...(Triggers && { triggers: parseTriggers(Triggers) }),
    ...(FlowSid !== undefined && { flowSid: validateFlowSid(FlowSid) }),
  };
}

function parseMethod(method: string): Method {
  const lower = method.toLowerCase();
  if (lower === 'get' || lower === 'post') return lower;
  throw new ApiError(50055, `Method ${quote(method)} is neither get nor post`);
}

function parseFilters(filters: readonly string[]): ScopedEvent[] {
  if (filters.length === 0) throw new ApiError(50370, 'Filters is empty: name at least one event');
  const events = filters.map((name) => {
    if (!isScopedEvent(name)) throw new ApiError(50365, `Filters: ${filterIssue(name)}`);
    return name;
  });
  return [...new Set(events)];
}

function parseTriggers(triggers: readonly string[]): string[] {
  if (triggers.length === 0) throw new ApiError(50371, 'Triggers is empty: name at least one keyword');
  if (triggers.length > MAX_TRIGGERS)
    throw new ApiError(
      50362,
      `Triggers has ${triggers.length} keywords; Twilio allows at most ${MAX_TRIGGERS}`,
    );
  for (const keyword of triggers) {
    const issue = keywordIssue(keyword);
    if (issue) throw new ApiError(50366, `Triggers: ${issue}`);
  }
  return [...new Set(triggers)];
}

function keywordIssue(keyword: string): string | undefined {
  if (keyword.trim() === '') return 'a keyword is empty';
  if (keyword.length > MAX_TRIGGER_LENGTH)
    return `a keyword has ${keyword.length} characters; Twilio allows at most ${MAX_TRIGGER_LENGTH}`;
  if (isEventName(keyword))
    return `${quote(keyword)} is an event, not a keyword; did you mean Target=webhook with Filters?`;
  return undefined;
}
