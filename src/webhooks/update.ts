import { ApiError } from '../lib/api-error';
import type { Site } from '../lib/url';
import type { Conversation } from './conversation';
import { assertSettingsOfOneTarget, assertSettingsOfTarget } from './definition';
import { parseSettings, type Settings, type WebhookConfig } from './settings';
import { matchesConfig, showsFilters, type Webhook } from './webhook';

/**
 * Changes the settings that are sent of one attached webhook and leaves the others as they are.
 * @throws ApiError 20001 for nothing to change or a setting that its target does not have, the setting's code, Twilio's
 */
export async function update(
  conversation: Conversation,
  sid: string,
  settings: Settings,
  site: Site,
): Promise<{ result: 'updated' | 'unchanged'; webhook: Webhook }> {
  assertSettingsOfOneTarget(settings);
  const wanted = parseSettings(settings, site);
  if (Object.keys(wanted).length === 0)
    throw new ApiError(20001, 'Nothing to update: send Url, Method, Filters, Triggers or FlowSid');
  const webhook = await conversation.fetch(sid);
  // Twilio does not say what it makes of a setting that the target does not have.
  assertSettingsOfTarget(webhook.target, settings);
  const known = wanted.filters === undefined || showsFilters(webhook);
  if (known && matchesConfig(webhook, wanted)) return { result: 'unchanged', webhook };
  return { result: 'updated', webhook: await updateVerified(conversation, sid, wanted) };
}

/**
 * If the response is lost, a fetch tells whether the update was applied, and only if it was not is it sent once more. If
 * the fetch fails too, the error is that of the update: it says that the update may have been applied.
 */
export async function updateVerified(
  conversation: Conversation,
  sid: string,
  wanted: WebhookConfig,
): Promise<Webhook> {
  try {
    return await conversation.update(sid, wanted);
  } catch (error) {
    if (!(error instanceof ApiError) || !error.mayHaveSucceeded) throw error;
    const webhook = await conversation.fetch(sid).catch((reason) => {
      throw reason instanceof ApiError && reason.status === 404 ? reason : error;
    });
    return matchesConfig(webhook, wanted) && showsFilters(webhook)
      ? webhook
      : conversation.update(sid, wanted);
  }
}
