import { quote } from '../../lib/error-text';
import type { Site } from '../../lib/url';
import { type Definition, parseDefinition } from '../../webhooks/definition';
import { pathTo } from '../issues';
import { hasPlaceholder } from '../variables';
import { reportApiError, toSettings, type WebhookSource } from '../webhooks';
import type { Validator } from './validator';

/** Replace texts with unknown variables, so that the rest of the webhook can be validated. */
const PLACEHOLDER_VALUES = {
  url: 'https://variable.invalid/',
  method: 'post',
  filters: 'onMessageAdded',
  triggers: 'variable',
  flowSid: `FW${'0'.repeat(32)}`,
};

type Setting = keyof typeof PLACEHOLDER_VALUES;

const SETTINGS = Object.keys(PLACEHOLDER_VALUES) as Setting[];

/** Validates a webhook as attach does. In the definition the URL and the flow keep their variables if there are any. */
export function validateWebhook(
  value: unknown,
  path: string,
  site: Site,
  validator: Validator,
): { source: WebhookSource; definition: Definition } | undefined {
  const before = validator.issues.length;
  const entry = validator.keys(value, path, {
    required: ['target'],
    optional: [...SETTINGS, 'endExecutions', 'description'],
  });
  if (!entry) return undefined;
  if (entry.description !== undefined) validator.string(entry.description, pathTo(path, 'description'));
  const read = (key: Setting) => {
    const place = pathTo(path, key);
    return key === 'filters' || key === 'triggers'
      ? validator.array(entry[key], place, {
          of: key,
          read: (item, at) => validator.placeholderString(item, at),
        })
      : validator.placeholderString(entry[key], place);
  };
  const settings = SETTINGS.filter((key) => entry[key] !== undefined).map((key) => [key, read(key)] as const);
  const target =
    entry.target === undefined ? undefined : validator.string(entry.target, pathTo(path, 'target'));
  const endExecutions =
    entry.endExecutions === undefined
      ? undefined
      : validator.boolean(entry.endExecutions, pathTo(path, 'endExecutions'));
  if (target === undefined || validator.issues.length > before) return undefined;
  const written: Partial<WebhookSource> = Object.fromEntries(settings);
  const known = Object.fromEntries(settings.map(([key, text]) => [key, withoutVariables(key, text!)]));
  const parse = () => parseDefinition(target, toSettings(known), site);
  const parsed = reportApiError(parse, path, validator);
  if (!parsed) return undefined;
  if (endExecutions !== undefined && parsed.target !== 'studio')
    return validator.issue(
      pathTo(path, 'endExecutions'),
      `does not belong to target ${quote(target)}; only a studio webhook has executions`,
    );
  const flags = endExecutions ? { endExecutions } : {};
  const { url = '', flowSid = '' } = written;
  const definition = {
    ...parsed,
    ...(parsed.target === 'studio' ? { flowSid } : hasPlaceholder(url) && { url }),
    ...flags,
  } as Definition;
  return { source: { ...parsed, ...written, ...flags }, definition };
}

function withoutVariables(key: Setting, setting: string | string[]): string | string[] {
  const known = (text: string) => (hasPlaceholder(text) ? PLACEHOLDER_VALUES[key] : text);
  return Array.isArray(setting) ? setting.map(known) : known(setting);
}
