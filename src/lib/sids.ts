import { ApiError } from './api-error';
import { quote } from './error-text';

/** @throws ApiError 50363 */
export function validateWebhookSid(sid: string | undefined): string {
  if (sid !== undefined && isSid('WH', sid)) return sid;
  throw new ApiError(50363, `Sid ${issue(sid)}: send the webhook's SID, WH and 32 hexadecimal digits`);
}

/** @throws ApiError 50367 */
export function validateFlowSid(sid: string): string {
  if (isSid('FW', sid)) return sid;
  throw new ApiError(50367, `FlowSid ${issue(sid)}: send the flow's SID, FW and 32 hexadecimal digits`);
}

/** @throws ApiError 20001 */
export function validateServiceSid(sid: string): string {
  if (isSid('IS', sid)) return sid;
  throw new ApiError(20001, `ServiceSid ${issue(sid)}: send the service's SID, IS and 32 hexadecimal digits`);
}

/**
 * Accepts a conversation's SID or unique name. A unique name may be nearly anything, so only what could change the path of
 * the API's URL is rejected.
 * @throws ApiError 50351 missing, 20001 not valid
 */
export function validateConversationSid(sid: string | undefined): string {
  if (sid === undefined)
    throw new ApiError(50351, "ConversationSid is missing: send the conversation's SID or unique name");
  if (sid !== '.' && sid !== '..' && sid.length <= 512 && !/[/?#\\%\p{Cc}\p{Cs}]/u.test(sid)) return sid;
  throw new ApiError(20001, `ConversationSid ${quote(sid)} is not a valid conversation SID or unique name`);
}

export function isSid(prefix: string, sid: string): boolean {
  return new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(sid);
}

function issue(sid: string | undefined): string {
  return sid === undefined ? 'is missing' : `${quote(sid)} is malformed`;
}
