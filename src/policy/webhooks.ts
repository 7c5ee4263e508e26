import { ApiError } from '../lib/api-error';
import { quote } from '../lib/error-text';
import { parseUrl } from '../lib/parse-url';
import { comparableUrl, ownUrl, type Site, withoutQuery } from '../lib/url';
import { type Definition, identityOf, type Target } from '../webhooks/definition';
import { ROUTER_PATH } from '../webhooks/router';
import { parseSettings, type Settings } from '../webhooks/settings';
import { type IssueList, pathTo } from './issues';

/** A webhook as the build writes it: with all settings that its target needs, whose strings may have variables. */
export interface WebhookSource {
  readonly target: Target;
  readonly url?: string;
  readonly method?: string;
  readonly filters?: readonly string[];
  readonly triggers?: readonly string[];
  readonly flowSid?: string;
  readonly endExecutions?: boolean;
}

/** Validates the settings of a webhook, now that they are known; undefined if it reports an issue instead. */
export function defineWebhook(
  { target, endExecutions, ...source }: WebhookSource,
  path: string,
  site: Site,
  list: IssueList,
): Definition | undefined {
  const flags = endExecutions ? { endExecutions } : {};
  const define = () => ({ target, ...parseSettings(toSettings(source), site), ...flags }) as Definition;
  return reportApiError(define, path, list);
}

/** The settings under attach's names. */
export function toSettings({
  url,
  method,
  filters,
  triggers,
  flowSid,
}: Omit<WebhookSource, 'target' | 'endExecutions'>): Settings {
  return { Url: url, Method: method, Filters: filters, Triggers: triggers, FlowSid: flowSid };
}

/** Reports what attach would reject, at its path in the policy. */
export function reportApiError<T>(parse: () => T, path: string, list: IssueList): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return list.issue(...atPolicyPath(path, error.message));
  }
}

/**
 * Reports webhooks that are duplicates on a conversation, and those that look like the router.
 * `hosts`: this deployment's, and former ones.
 */
export function checkIdentities(
  definitions: ReadonlyMap<string, Definition>,
  hosts: readonly string[],
  site: Site,
  list: IssueList,
): void {
  const routers = hosts
    .filter((host) => parseUrl(`https://${host}`))
    .map((domainName) => comparableUrl(ownUrl(ROUTER_PATH, { ...site, domainName })));
  const names = new Map<string, string>();
  for (const [name, definition] of definitions) {
    const path = pathTo('webhooks', name);
    const identity = identityOf(definition);
    const earlier = names.get(identity);
    const called = definition.target === 'studio' ? 'flow' : 'URL';
    if (earlier === undefined) names.set(identity, name);
    else list.issue(path, `is a duplicate of ${quote(earlier)}: same target, same ${called}`);
    if (definition.target === 'webhook' && routers.includes(comparableUrl(withoutQuery(definition.url))))
      list.issue(pathTo(path, 'url'), "is the router's URL; the router is attached automatically");
  }
}

// Translates attach's parameter names (`Filters: "x" is not an event`, `Url must use https`) to the policy's keys.
function atPolicyPath(path: string, message: string): [path: string, sentence: string] {
  const text = message.replace(
    /"(?:[^"\\]|\\.)*"|\bTarget=(\w+)|\b(?:Target|Url|Method|Filters|Triggers|FlowSid)\b/g,
    (found, target?: string) =>
      // Of a quoted value, the first character is the quote.
      target ? `target ${quote(target)}` : found[0]!.toLowerCase() + found.slice(1),
  );
  const [, key, sentence] = /^(target|url|method|filters|triggers|flowSid):? (.*)$/s.exec(text) ?? [];
  return key && sentence ? [pathTo(path, key), sentence] : [path, text];
}
