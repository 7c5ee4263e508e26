import { ApiError } from '../../lib/api-error';
import { quote } from '../../lib/error-text';
import { parseUrl } from '../../lib/parse-url';
import { comparableUrl, ownUrl, withoutQuery } from '../../lib/url';
import { type Definition, identityOf, parseDefinition } from '../../webhooks/definition';
import { ROUTER_PATH } from '../../webhooks/router';
import type { Settings } from '../../webhooks/settings';
import { pathTo } from './issues';
import type { Validator } from './validator';
import { hasPlaceholder } from './variables';

/** Replace texts with unknown variables, so that the rest of the webhook can be validated. */
const PLACEHOLDER_VALUES = {
  url: 'https://variable.invalid/',
  method: 'post',
  filters: 'onMessageAdded',
  triggers: 'variable',
  flowSid: `FW${'0'.repeat(32)}`,
};

const KEYS = { required: ['target'], optional: [...Object.keys(PLACEHOLDER_VALUES), 'description'] };

/** Validates a webhook as attach does. The URL and the flow keep their variables if there are any. */
export function validateWebhook(value: unknown, path: string, validator: Validator): Definition | undefined {
  const before = validator.issues.length;
  const entry = validator.keys(value, path, KEYS);
  if (!entry) return undefined;
  if (entry.description !== undefined) validator.string(entry.description, pathTo(path, 'description'));
  const text = (key: string) =>
    entry[key] === undefined ? undefined : validator.placeholderString(entry[key], pathTo(path, key));
  const list = (key: string) =>
    entry[key] === undefined
      ? undefined
      : validator.array(entry[key], pathTo(path, key), {
          of: key,
          read: (item, place) => validator.placeholderString(item, place),
        });
  const target =
    entry.target === undefined ? undefined : validator.string(entry.target, pathTo(path, 'target'));
  const raw = {
    url: text('url'),
    method: text('method'),
    filters: list('filters'),
    triggers: list('triggers'),
    flowSid: text('flowSid'),
  };
  if (validator.issues.length > before) return undefined;
  try {
    const definition = parseDefinition(target, settings(raw, validator), validator.site);
    if (definition.target === 'studio') return { ...definition, flowSid: raw.flowSid! };
    return validator.allowPlaceholders && hasPlaceholder(raw.url!)
      ? { ...definition, url: raw.url! }
      : definition;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return validator.issue(...atPolicyPath(path, error.message));
  }
}

/**
 * Reports webhooks that are duplicates on a conversation, and those that look like the router.
 * `hosts`: this deployment's, and former ones.
 */
export function checkIdentities(
  definitions: ReadonlyMap<string, Definition>,
  hosts: readonly string[],
  validator: Validator,
): void {
  const routers = hosts
    .filter((host) => parseUrl(`https://${host}`))
    .map((domainName) => comparableUrl(ownUrl(ROUTER_PATH, { ...validator.site, domainName })));
  const names = new Map<string, string>();
  for (const [name, definition] of definitions) {
    const path = pathTo('webhooks', name);
    const identity = identityOf(definition);
    const earlier = names.get(identity);
    const called = definition.target === 'studio' ? 'flow' : 'URL';
    if (earlier === undefined) names.set(identity, name);
    else validator.issue(path, `is a duplicate of ${quote(earlier)}: same target, same ${called}`);
    if (definition.target === 'webhook' && routers.includes(comparableUrl(withoutQuery(definition.url))))
      validator.issue(pathTo(path, 'url'), "is the router's URL; the router is attached automatically");
  }
}

type RawSettings = {
  readonly [K in keyof typeof PLACEHOLDER_VALUES]:
    | (K extends 'filters' | 'triggers' ? string[] : string)
    | undefined;
};

function settings(raw: RawSettings, { allowPlaceholders }: Validator): Settings {
  const known = (key: keyof RawSettings, text: string) =>
    allowPlaceholders && hasPlaceholder(text) ? PLACEHOLDER_VALUES[key] : text;
  const each = (key: 'filters' | 'triggers') => raw[key]?.map((item) => known(key, item));
  const one = (key: 'url' | 'method' | 'flowSid') =>
    raw[key] === undefined ? undefined : known(key, raw[key]);
  return {
    Url: one('url'),
    Method: one('method'),
    Filters: each('filters'),
    Triggers: each('triggers'),
    FlowSid: one('flowSid'),
  };
}

// Translates attach's parameter names (`Filters: "x" is not an event`, `Url must use https`) to the policy's keys.
function atPolicyPath(path: string, message: string): [path: string, sentence: string] {
  const text = message.replace(
    /"(?:[^"\\]|\\.)*"|\bTarget=(\w+)|\b(?:Target|Url|Method|Filters|Triggers|FlowSid)\b/g,
    (found, target?: string) => {
      if (found.startsWith('"')) return found;
      return target ? `target ${quote(target)}` : found[0]!.toLowerCase() + found.slice(1);
    },
  );
  const [, key, sentence] = /^(target|url|method|filters|triggers|flowSid):? (.*)$/s.exec(text) ?? [];
  return key && sentence ? [pathTo(path, key), sentence] : [path, text];
}
