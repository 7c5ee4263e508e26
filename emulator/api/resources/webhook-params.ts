import type { Options } from '../../state/options';
import type { Configuration, Target } from '../../state/records';
import { isSid } from '../../state/sids';
import { refuse } from '../../twilio/errors';
import { otherPostEvents, scopedEvents } from '../../twilio/event-types';
import type { Params } from '../params';
import { parseUrl } from '../parse-url';

const MAX_URL_LENGTH = 512;
const MAX_TRIGGERS = 5;
const MAX_TRIGGER_LENGTH = 248;

const empty: Configuration = {
  url: null,
  method: null,
  filters: null,
  triggers: null,
  flowSid: null,
  replayAfter: null,
};

export function readTarget(params: Params): Target {
  const target = params.string('Target') || refuse(50368);
  return target === 'webhook' || target === 'trigger' || target === 'studio' ? target : refuse(50364);
}

/**
 * Settings that the target does not have are ignored, what is left out keeps its value, arrays are replaced. ReplayAfter
 * counts on creation only.
 */
export function readConfiguration(
  target: Target,
  params: Params,
  options: Options,
  before?: Configuration,
): Configuration {
  const configuration = {
    ...(before ?? empty),
    ...(target === 'studio' ? readStudio(params, options, before) : readUrl(target, params, options, before)),
  };
  if (before !== undefined) return configuration;
  return { ...configuration, replayAfter: params.integer('Configuration.ReplayAfter', 20001) ?? null };
}

function readStudio(params: Params, options: Options, before?: Configuration): Partial<Configuration> {
  const flowSid = params.string('Configuration.FlowSid') ?? before?.flowSid ?? refuse(50367);
  if (!isSid('FW', flowSid)) refuse(50367);
  const filters = nonEmpty(params, 'Configuration.Filters') ?? [];
  return { flowSid, ...(filters.length === 0 ? {} : { filters: validFilters(filters, options) }) };
}

// Twilio reports a missing setting before an invalid one.
function readUrl(
  target: 'webhook' | 'trigger',
  params: Params,
  options: Options,
  before?: Configuration,
): Partial<Configuration> {
  const url = params.string('Configuration.Url') ?? before?.url;
  if (!url) return refuse(50369);
  const list =
    target === 'webhook'
      ? { filters: readFilters(params, options, before?.filters) }
      : { triggers: readTriggers(params, before?.triggers) };
  validateUrl(url);
  return { url, ...list, method: readMethod(params) ?? before?.method ?? null };
}

function readFilters(params: Params, options: Options, before: string[] | null = null): string[] {
  const filters = nonEmpty(params, 'Configuration.Filters');
  if (filters === undefined) return before ?? refuse(50370);
  return filters.length === 0 ? refuse(50370) : validFilters(filters, options);
}

function readTriggers(params: Params, before: string[] | null = null): string[] {
  const triggers = params.array('Configuration.Triggers') ?? before ?? refuse(50371);
  if (triggers.length > MAX_TRIGGERS) refuse(50362);
  if (triggers.some((trigger) => trigger === '' || trigger.length > MAX_TRIGGER_LENGTH)) refuse(50366);
  return triggers;
}

function validFilters(filters: string[], options: Options): string[] {
  const valid: string[] = [...scopedEvents, ...(options.extraFilters === 'accept' ? otherPostEvents : [])];
  const wrong = filters.find((filter) => !valid.includes(filter));
  return wrong === undefined ? filters : refuse(50365, `Invalid conversation webhook filter: ${wrong}`);
}

function validateUrl(url: string): void {
  if (url.length > MAX_URL_LENGTH) refuse(50372);
  if (!/^https?:\/\//i.test(url) || parseUrl(url) === undefined)
    refuse(50054, `Invalid webhook format: ${url}`);
}

function readMethod(params: Params): string | undefined {
  const method = params.string('Configuration.Method');
  if (method === undefined || /^(get|post)$/i.test(method)) return method;
  return refuse(50055, `Invalid webhook method: ${method}`);
}

// `Configuration.Filters=` is an empty array in a form.
const nonEmpty = (params: Params, name: string) => params.array(name)?.filter((item) => item !== '');
