import { ApiError } from '../../lib/api-error';
import { quote } from '../../lib/messages';
import { comparableUrl, ownUrl, withoutQuery } from '../../lib/url';
import { type Definition, parseDefinition } from '../../webhooks/definition';
import { ROUTER_PATH } from '../../webhooks/router';
import type { Settings } from '../../webhooks/settings';
import { pathTo } from './issues';
import type { Validator } from './validator';
import { hasPlaceholder } from './variables';

/** What stands for a text whose variables are not known, so that the rest of the webhook can be checked. */
const PLACEHOLDER_VALUES = {
  url: 'https://variable.invalid/',
  method: 'post',
  filters: 'onMessageAdded',
  triggers: 'variable',
  flowSid: `FW${'0'.repeat(32)}`,
};

const KEYS = { of: 'a webhook', required: ['target'], optional: Object.keys(PLACEHOLDER_VALUES) };

/** Reads a webhook, by the rules that attach has. Of an open one, the URL and the flow are texts with variables. */
export function validateWebhook(value: unknown, path: string, validator: Validator): Definition | undefined {
  const before = validator.issues.length;
  const entry = validator.keys(value, path, KEYS);
  if (!entry) return undefined;
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
  const given = {
    url: text('url'),
    method: text('method'),
    filters: list('filters'),
    triggers: list('triggers'),
    flowSid: text('flowSid'),
  };
  if (validator.issues.length > before) return undefined;
  try {
    const definition = parseDefinition(target, settings(given, validator), validator.site);
    if (definition.target === 'studio') return { ...definition, flowSid: given.flowSid! };
    return validator.allowPlaceholders && hasPlaceholder(given.url!)
      ? { ...definition, url: given.url! }
      : definition;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return validator.issue(...atPolicyPath(path, error.message));
  }
}

/**
 * Reports webhooks that could not be told apart on a conversation, and those that would pass for the router.
 * `hosts`: this deployment's own, and former ones.
 */
export function checkIdentities(
  definitions: ReadonlyMap<string, Definition>,
  hosts: readonly string[],
  validator: Validator,
): void {
  const routers = hosts
    .filter((host) => URL.canParse(`https://${host}`))
    .map((domainName) => comparableUrl(ownUrl(ROUTER_PATH, { ...validator.site, domainName })));
  const names = new Map<string, string>();
  for (const [name, definition] of definitions) {
    const path = pathTo('webhooks', name);
    const identity = identityOf(definition);
    const earlier = names.get(identity);
    const called = definition.target === 'studio' ? 'flow' : 'URL';
    if (earlier === undefined) names.set(identity, name);
    else validator.issue(path, `is the same webhook as ${quote(earlier)}: same target, same ${called}`);
    if (definition.target === 'webhook' && routers.includes(comparableUrl(withoutQuery(definition.url))))
      validator.issue(pathTo(path, 'url'), 'is the address of the router, which every profile has by itself');
  }
}

function identityOf(definition: Definition): string {
  const called =
    definition.target === 'studio' ? definition.flowSid : comparableUrl(definition.url.replace(/#.*/s, ''));
  return `${definition.target} ${called}`;
}

type Given = {
  readonly [K in keyof typeof PLACEHOLDER_VALUES]:
    | (K extends 'filters' | 'triggers' ? string[] : string)
    | undefined;
};

function settings(given: Given, { allowPlaceholders: open }: Validator): Settings {
  const known = (key: keyof Given, text: string) =>
    open && hasPlaceholder(text) ? PLACEHOLDER_VALUES[key] : text;
  const each = (key: 'filters' | 'triggers') => given[key]?.map((item) => known(key, item));
  const one = (key: 'url' | 'method' | 'flowSid') =>
    given[key] === undefined ? undefined : known(key, given[key]);
  return {
    Url: one('url'),
    Method: one('method'),
    Filters: each('filters'),
    Triggers: each('triggers'),
    FlowSid: one('flowSid'),
  };
}

// `Filters: "x" is no event` and `Url must be https` are said to the callers of attach; a policy has names of its own.
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
