import { ApiError } from '../lib/api-error';
import { validateFlowSid, validateWebhookSid } from '../lib/sids';
import { type Site, validateUrl } from '../lib/url';
import { assertSettingsOfOneTarget, assertSettingsOfTarget, parseTarget, type Target } from './definition';
import { callsFlow, callsUrl, type Webhook } from './webhook';

/** Which webhooks of a conversation are meant: one by its SID, or those that match; an empty match is all. */
export type Selection = { readonly sid: string } | { readonly match: Match };

interface Match {
  readonly target?: Target;
  readonly url?: string;
  readonly flowSid?: string;
}

interface SelectionParameters {
  readonly Sid?: string | undefined;
  readonly Target?: string | undefined;
  readonly Url?: string | undefined;
  readonly FlowSid?: string | undefined;
  readonly All?: boolean | undefined;
}

/** @throws ApiError 20001 for none or a contradiction, else the parameter's own code */
export function parseSelection(choice: SelectionParameters, site: Site): Selection {
  const { Sid, Target, Url, FlowSid, All } = choice;
  const matching = [Target, Url, FlowSid].some((value) => value !== undefined);
  const ways = [Sid !== undefined, All === true, matching].filter(Boolean).length;
  if (ways !== 1)
    throw new ApiError(
      20001,
      `${ways === 0 ? 'Nothing' : 'More than one way'} to select: send Sid, All=true, or Target, Url or FlowSid`,
    );
  if (Sid !== undefined) return { sid: validateWebhookSid(Sid) };
  return { match: parseMatch(choice, site) };
}

export function selects({ target, url, flowSid }: Match, webhook: Webhook): boolean {
  return (
    (target === undefined || webhook.target === target) &&
    (url === undefined || callsUrl(webhook, url)) &&
    (flowSid === undefined || callsFlow(webhook, flowSid))
  );
}

function parseMatch({ Target, Url, FlowSid }: SelectionParameters, site: Site): Match {
  const target = Target === undefined ? undefined : parseTarget(Target);
  if (target) assertSettingsOfTarget(target, { Url, FlowSid });
  else assertSettingsOfOneTarget({ Url, FlowSid });
  return {
    ...(target && { target }),
    // A webhook that others attached may have a URL that attach rejects.
    ...(Url !== undefined && { url: Url.startsWith('/') ? validateUrl(Url, site) : Url }),
    ...(FlowSid !== undefined && { flowSid: validateFlowSid(FlowSid) }),
  };
}
