import type { ScopedEvent } from '../events/scoped-events';
import { ApiError } from '../lib/api-error';
import { didYouMean, oneOf, quote } from '../lib/error-text';
import { comparableUrl, type Site } from '../lib/url';
import { type Method, parseSettings, type Settings } from './settings';

export const TARGETS = ['webhook', 'trigger', 'studio'] as const;
export type Target = (typeof TARGETS)[number];

/** A webhook to attach: what its target needs, and nothing that its target does not have. */
export type Definition =
  | { target: 'webhook'; url: string; method: Method; filters: readonly ScopedEvent[] }
  | { target: 'trigger'; url: string; method: Method; triggers: readonly string[] }
  | {
      target: 'studio';
      flowSid: string;
      filters?: readonly ScopedEvent[];
      /** No setting of Twilio's: whether a rule that leads out of the webhook's profile ends the flow's executions. */
      endExecutions?: boolean;
    };

/**
 * Which webhook this is, not how it is configured: webhooks are the same if they have the same target and call the same flow
 * or URL. Two spellings of a URL are one, and its fragment does not count.
 */
export function identityOf({ target, url, flowSid }: Identified): string {
  return `${target} ${target === 'studio' ? flowSid : comparableUrl(url ?? '')}`;
}

/** The parts of a definition, or of an attached webhook, that identify it. */
interface Identified {
  readonly target: Target;
  readonly url?: string | undefined;
  readonly flowSid?: string | undefined;
}

type Name = keyof Settings;

const SETTINGS: Readonly<Record<Target, readonly Name[]>> = {
  webhook: ['Url', 'Method', 'Filters'],
  trigger: ['Url', 'Method', 'Triggers'],
  studio: ['FlowSid', 'Filters'],
};

/**
 * @throws ApiError 50368, 50364 for the target; 20001 for a setting that the target does not have; the setting's code if it
 * is not valid or missing
 */
export function parseDefinition(target: string | undefined, settings: Settings, site: Site): Definition {
  if (target === undefined) throw new ApiError(50368, `Target is missing: send ${oneOf(TARGETS)}`);
  const known = parseTarget(target);
  assertSettingsOfTarget(known, settings);
  const { url, method = 'post', filters, triggers, flowSid } = parseSettings(settings, site);
  const required = <T>(value: T | undefined, name: Name, code: number): T => {
    if (value === undefined) throw new ApiError(code, `${name} is missing: Target=${known} needs it`);
    return value;
  };
  switch (known) {
    case 'webhook':
      return {
        target: known,
        url: required(url, 'Url', 50369),
        method,
        filters: required(filters, 'Filters', 50370),
      };
    case 'trigger':
      return {
        target: known,
        url: required(url, 'Url', 50369),
        method,
        triggers: required(triggers, 'Triggers', 50371),
      };
    case 'studio':
      return { target: known, flowSid: required(flowSid, 'FlowSid', 50367), ...(filters && { filters }) };
  }
}

/** @throws ApiError 20001 for the first setting that the target does not have, with a suggestion */
export function assertSettingsOfTarget(target: Target, settings: Settings): void {
  const unexpected = sent(settings).find((name) => !SETTINGS[target].includes(name));
  if (unexpected)
    throw new ApiError(
      20001,
      `${unexpected} does not belong to Target=${target}; ${suggestion(target, unexpected)}`,
    );
}

/** @throws ApiError 20001 if no target has all of the settings */
export function assertSettingsOfOneTarget(settings: Settings): void {
  const names = sent(settings);
  if (TARGETS.some((target) => names.every((name) => SETTINGS[target].includes(name)))) return;
  throw new ApiError(20001, `No target has ${oneOf(names, 'and')} together; send the settings of one target`);
}

/** @throws ApiError 50364 */
export function parseTarget(target: string): Target {
  const known = TARGETS.find((name) => name === target);
  if (known) return known;
  const hint = didYouMean(target, TARGETS) || `; send ${oneOf(TARGETS)}`;
  throw new ApiError(50364, `Target ${quote(target)} is unknown${hint}`);
}

function sent(settings: Settings): Name[] {
  const names: readonly Name[] = ['Url', 'Method', 'Filters', 'Triggers', 'FlowSid'];
  return names.filter((name) => settings[name] !== undefined);
}

function suggestion(target: Target, unexpected: Name): string {
  switch (`${target} ${unexpected}`) {
    case 'webhook Triggers':
      return 'did you mean Filters, the events that it receives?';
    case 'trigger Filters':
      return 'did you mean Triggers, the keywords that fire it?';
    case 'studio Url':
      return 'did you mean FlowSid, the flow that it starts?';
    default: {
      const others = TARGETS.filter((other) => SETTINGS[other].includes(unexpected)).map(
        (other) => `Target=${other}`,
      );
      return `did you mean ${oneOf(others)}? Target=${target} takes ${oneOf(SETTINGS[target], 'and')}`;
    }
  }
}
