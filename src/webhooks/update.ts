import { ApiError } from '../lib/api-error';
import type { Site } from '../lib/url';
import type { Conversation } from './conversation';
import { assertSettingsOfOneTarget, assertSettingsOfTarget } from './definition';
import { routerHost } from './router';
import { parseSettings, type Settings, type WebhookConfig } from './settings';
import { matchesConfig, showsFilters, type Webhook } from './webhook';

/**
 * Changes settings of one attached webhook and leaves the others.
 * @throws ApiError 20001 for no settings, one that the target does not have, or the URL of a router; the setting's code; Twilio's
 */
export async function update(
  conversation: Conversation,
  sid: string,
  settings: Settings,
  site: Site,
): Promise<{ result: 'updated' | 'unchanged'; webhook: Webhook }> {
  assertSettingsOfOneTarget(settings);
  const changes = parseSettings(settings, site);
  if (Object.keys(changes).length === 0)
    throw new ApiError(20001, 'Nothing to update: send Url, Method, Filters, Triggers or FlowSid');
  const webhook = await conversation.fetch(sid);
  // Twilio does not document what it does with a setting that the target does not have.
  assertSettingsOfTarget(webhook.target, settings);
  if (
    changes.url !== undefined &&
    routerHost(webhook) !== undefined &&
    !matchesConfig(webhook, { url: changes.url })
  )
    throw new ApiError(
      20001,
      "Url: the webhook is the router, whose URL has the conversation's state; to change the profile, call /webhooks/sync with Profile",
    );
  const comparable = changes.filters === undefined || showsFilters(webhook);
  if (comparable && matchesConfig(webhook, changes)) return { result: 'unchanged', webhook };
  return { result: 'updated', webhook: await updateVerified(conversation, sid, changes) };
}

/**
 * Updates a webhook. After a conflict, or if the response is lost, fetches the webhook, and retries only if it does not
 * match. If the fetch fails, throws the update's error, which says whether it may have been applied.
 */
export async function updateVerified(
  conversation: Conversation,
  sid: string,
  changes: WebhookConfig,
): Promise<Webhook> {
  try {
    return await conversation.update(sid, changes);
  } catch (error) {
    if (!(error instanceof ApiError) || !(error.mayHaveSucceeded || error.isConflict)) throw error;
    const webhook = await conversation.fetch(sid).catch((reason) => {
      throw reason instanceof ApiError && reason.status === 404 ? reason : error;
    });
    return matchesConfig(webhook, changes) && showsFilters(webhook)
      ? webhook
      : conversation.update(sid, changes);
  }
}
