import type { Options } from '../../state/options';
import { isSid } from '../../state/sids';
import type { Configuration, Target } from '../../state/store';
import { refuse } from '../../twilio/errors';
import { otherPostEvents, scopedEvents } from '../../twilio/event-types';
import type { Form } from '../params';

const MOST_URL = 512;
const MOST_TRIGGERS = 5;
const MOST_TRIGGER = 248;

const empty: Configuration = {
  url: null,
  method: null,
  filters: null,
  triggers: null,
  flowSid: null,
  replayAfter: null,
};

export function readTarget(form: Form): Target {
  const target = form.text('Target') || refuse(50368);
  return target === 'webhook' || target === 'trigger' || target === 'studio' ? target : refuse(50364);
}

/**
 * The configuration that a create or an update leaves behind. What the target has no use for is ignored, what is left
 * out keeps its value, lists are replaced. ReplayAfter is heard on creation only.
 */
export function readConfiguration(
  target: Target,
  form: Form,
  options: Options,
  before?: Configuration,
): Configuration {
  const configuration = {
    ...(before ?? empty),
    ...(target === 'studio' ? readStudio(form, options, before) : readUrl(target, form, options, before)),
  };
  if (before !== undefined) return configuration;
  return { ...configuration, replayAfter: form.index('Configuration.ReplayAfter', 20001) ?? null };
}

function readStudio(form: Form, options: Options, before?: Configuration): Partial<Configuration> {
  const flowSid = form.text('Configuration.FlowSid') ?? before?.flowSid ?? refuse(50367);
  if (!isSid('FW', flowSid)) refuse(50367);
  const filters = sent(form, 'Configuration.Filters') ?? [];
  return { flowSid, ...(filters.length === 0 ? {} : { filters: checked(filters, options) }) };
}

// What must be there comes before what it must look like.
function readUrl(
  target: 'webhook' | 'trigger',
  form: Form,
  options: Options,
  before?: Configuration,
): Partial<Configuration> {
  const url = form.text('Configuration.Url') ?? before?.url;
  if (!url) return refuse(50369);
  const list =
    target === 'webhook'
      ? { filters: readFilters(form, options, before?.filters) }
      : { triggers: readTriggers(form, before?.triggers) };
  checkUrl(url);
  return { url, ...list, method: readMethod(form) ?? before?.method ?? null };
}

function readFilters(form: Form, options: Options, before: string[] | null = null): string[] {
  const filters = sent(form, 'Configuration.Filters');
  if (filters === undefined) return before ?? refuse(50370);
  return filters.length === 0 ? refuse(50370) : checked(filters, options);
}

function readTriggers(form: Form, before: string[] | null = null): string[] {
  const triggers = form.list('Configuration.Triggers') ?? before ?? refuse(50371);
  if (triggers.length > MOST_TRIGGERS) refuse(50362);
  if (triggers.some((trigger) => trigger === '' || trigger.length > MOST_TRIGGER)) refuse(50366);
  return triggers;
}

function checked(filters: string[], options: Options): string[] {
  const valid: string[] = [...scopedEvents, ...(options.extraFilters === 'accept' ? otherPostEvents : [])];
  const wrong = filters.find((filter) => !valid.includes(filter));
  return wrong === undefined ? filters : refuse(50365, `Invalid conversation webhook filter: ${wrong}`);
}

function checkUrl(url: string): void {
  if (url.length > MOST_URL) refuse(50372);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) refuse(50054, `Invalid webhook format: ${url}`);
}

function readMethod(form: Form): string | undefined {
  const method = form.text('Configuration.Method');
  if (method === undefined || /^(get|post)$/i.test(method)) return method;
  return refuse(50055, `Invalid webhook method: ${method}`);
}

// `Configuration.Filters=` is how a form says "none".
const sent = (form: Form, name: string) => form.list(name)?.filter((item) => item !== '');
