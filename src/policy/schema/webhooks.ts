import { ApiError } from '../../lib/api-error';
import { quote } from '../../lib/messages';
import { comparableUrl, ownUrl } from '../../lib/url';
import { type Definition, define } from '../../webhooks/definition';
import { ROUTER_PATH } from '../../webhooks/router';
import type { Settings } from '../../webhooks/settings';
import { at } from './issues';
import type { Reader } from './validator';
import { isOpen } from './variables';

/** What stands for a text whose variables are not known, so that the rest of the webhook can be checked. */
const STAND_INS = {
  url: 'https://variable.invalid/',
  method: 'post',
  filters: 'onMessageAdded',
  triggers: 'variable',
  flowSid: `FW${'0'.repeat(32)}`,
};

const KEYS = { of: 'a webhook', required: ['target'], optional: Object.keys(STAND_INS) };

/** Reads a webhook, by the rules that attach has. Of an open one, the URL and the flow are texts with variables. */
export function readDefinition(value: unknown, path: string, reader: Reader): Definition | undefined {
  const before = reader.faults.length;
  const entry = reader.keys(value, path, KEYS);
  if (!entry) return undefined;
  const text = (key: string) =>
    entry[key] === undefined ? undefined : reader.openText(entry[key], at(path, key));
  const list = (key: string) =>
    entry[key] === undefined
      ? undefined
      : reader.list(entry[key], at(path, key), {
          of: key,
          read: (item, place) => reader.openText(item, place),
        });
  const target = entry.target === undefined ? undefined : reader.text(entry.target, at(path, 'target'));
  const given = {
    url: text('url'),
    method: text('method'),
    filters: list('filters'),
    triggers: list('triggers'),
    flowSid: text('flowSid'),
  };
  if (reader.faults.length > before) return undefined;
  try {
    const definition = define(target, settings(given, reader), reader.site);
    if (definition.target === 'studio') return { ...definition, flowSid: given.flowSid! };
    return reader.open && isOpen(given.url!) ? { ...definition, url: given.url! } : definition;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return reader.fault(...located(path, error.message));
  }
}

/**
 * Reports webhooks that could not be told apart on a conversation, and those that would pass for the router.
 * `hosts`: this deployment's own, and former ones.
 */
export function checkIdentities(
  definitions: ReadonlyMap<string, Definition>,
  hosts: readonly string[],
  reader: Reader,
): void {
  const routers = hosts
    .filter((host) => URL.canParse(`https://${host}`))
    .map((domainName) => comparableUrl(ownUrl(ROUTER_PATH, { ...reader.site, domainName })));
  const names = new Map<string, string>();
  for (const [name, definition] of definitions) {
    const path = at('webhooks', name);
    const identity = identityOf(definition);
    const earlier = names.get(identity);
    const called = definition.target === 'studio' ? 'flow' : 'URL';
    if (earlier === undefined) names.set(identity, name);
    else reader.fault(path, `is the same webhook as ${quote(earlier)}: same target, same ${called}`);
    if (definition.target === 'webhook' && routers.includes(comparableUrl(beforeQuery(definition.url))))
      reader.fault(at(path, 'url'), 'is the address of the router, which every profile has by itself');
  }
}

function identityOf(definition: Definition): string {
  const called =
    definition.target === 'studio' ? definition.flowSid : comparableUrl(definition.url.replace(/#.*/s, ''));
  return `${definition.target} ${called}`;
}

type Given = {
  readonly [K in keyof typeof STAND_INS]: (K extends 'filters' | 'triggers' ? string[] : string) | undefined;
};

function settings(given: Given, { open }: Reader): Settings {
  const known = (key: keyof Given, text: string) => (open && isOpen(text) ? STAND_INS[key] : text);
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
function located(path: string, message: string): [path: string, sentence: string] {
  const text = message.replace(
    /"(?:[^"\\]|\\.)*"|\bTarget=(\w+)|\b(?:Target|Url|Method|Filters|Triggers|FlowSid)\b/g,
    (found, target?: string) => {
      if (found.startsWith('"')) return found;
      return target ? `target ${quote(target)}` : found[0]!.toLowerCase() + found.slice(1);
    },
  );
  const [, key, sentence] = /^(target|url|method|filters|triggers|flowSid):? (.*)$/s.exec(text) ?? [];
  return key && sentence ? [at(path, key), sentence] : [path, text];
}

function beforeQuery(url: string): string {
  return url.replace(/[?#].*/s, '');
}
