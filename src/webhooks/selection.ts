import { ApiError } from '../lib/api-error';
import { parseUrl } from '../lib/parse-url';
import { validateFlowSid, validateWebhookSid } from '../lib/sids';
import { type Site, validateUrl } from '../lib/url';
import { assertSettingsOfOneTarget, assertSettingsOfTarget, parseTarget, type Target } from './definition';
import { routerHost } from './router';
import { callsBelow, callsFlow, callsUrl, type Webhook } from './webhook';

/** Which webhooks of a conversation are meant: one by its SID, those that match but no router, or all. */
export type Selection = { readonly sid: string } | { readonly match: Match } | { readonly all: true };

interface Match {
  readonly target?: Target;
  readonly url?: string;
  /** An origin and a path. */
  readonly urlPrefix?: URL;
  readonly flowSid?: string;
}

interface SelectionParameters {
  readonly Sid?: string | undefined;
  readonly Target?: string | undefined;
  readonly Url?: string | undefined;
  readonly UrlPrefix?: string | undefined;
  readonly FlowSid?: string | undefined;
  readonly All?: boolean | undefined;
}

/** @throws ApiError 20001 for none or a contradiction, else the parameter's own code */
export function parseSelection(choice: SelectionParameters, site: Site): Selection {
  const { Sid, Target, Url, UrlPrefix, FlowSid, All } = choice;
  const matching = [Target, Url, UrlPrefix, FlowSid].some((value) => value !== undefined);
  const ways = [Sid !== undefined, All === true, matching].filter(Boolean).length;
  if (ways !== 1)
    throw new ApiError(
      20001,
      `${ways === 0 ? 'Nothing' : 'More than one way'} to select: send Sid, All=true, or Target, Url, UrlPrefix or FlowSid`,
    );
  if (Sid !== undefined) return { sid: validateWebhookSid(Sid) };
  return All ? { all: true } : { match: parseMatch(choice, site) };
}

/** Whether a webhook of a list is meant. What matches is never a router: without it, nobody manages the conversation. */
export function selects(selection: Exclude<Selection, { sid: string }>, webhook: Webhook): boolean {
  if ('all' in selection) return true;
  const { target, url, urlPrefix, flowSid } = selection.match;
  return (
    routerHost(webhook) === undefined &&
    (target === undefined || webhook.target === target) &&
    (url === undefined || callsUrl(webhook, url)) &&
    (urlPrefix === undefined || callsBelow(webhook, urlPrefix)) &&
    (flowSid === undefined || callsFlow(webhook, flowSid))
  );
}

function parseMatch({ Target, Url, UrlPrefix, FlowSid }: SelectionParameters, site: Site): Match {
  if (Url !== undefined && UrlPrefix !== undefined)
    throw new ApiError(20001, 'Url and UrlPrefix do not go together; send one of them');
  const target = Target === undefined ? undefined : parseTarget(Target);
  const settings = { Url: Url ?? UrlPrefix, FlowSid };
  if (target) assertSettingsOfTarget(target, settings);
  else assertSettingsOfOneTarget(settings);
  return {
    ...(target && { target }),
    // A webhook that others attached may have a URL that attach rejects.
    ...(Url !== undefined && { url: Url.startsWith('/') ? validateUrl(Url, site) : Url }),
    ...(UrlPrefix !== undefined && { urlPrefix: parsePrefix(UrlPrefix, site) }),
    ...(FlowSid !== undefined && { flowSid: validateFlowSid(FlowSid) }),
  };
}

function parsePrefix(text: string, site: Site): URL {
  const url = parseUrl(text.startsWith('/') ? validateUrl(text, site) : text);
  if (url && /^https?:$/.test(url.protocol) && !/[?#@]/.test(text)) return url;
  throw new ApiError(
    50054,
    'UrlPrefix is not valid; send an absolute URL without a query or a password, or a path such as /my-function',
  );
}
