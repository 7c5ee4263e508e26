import { ApiError, type Details } from '../lib/api-error';
import { withoutQuery } from '../lib/url';

const CODES: Readonly<Record<number, number>> = {
  401: 20003,
  403: 20403,
  404: 20404,
  409: 20409,
  429: 20429,
  503: 20503,
};

/** Twilio's general error code for an HTTP status. */
export function codeForStatus(status: number): number {
  return CODES[status] ?? (status < 500 ? 20001 : 20500);
}

/** For a response with the right status and the wrong content. */
export function unexpectedResponse(): ApiError {
  return new ApiError(20500, "Twilio's response is not the requested resource; try again");
}

/** Twilio's error with its status and code; 20429 is a 429, whatever status it came with, since nothing was done. */
export function toApiError(status: number, body: unknown): ApiError {
  if (status < 400 || status > 599) return unexpectedResponse();
  // RFC 9457, which newer APIs follow, has a title and a detail in place of the message.
  const { code, message, detail, title, details } = (body ?? {}) as Partial<Record<string, unknown>>;
  const sentence = [message, detail, title].find((text) => typeof text === 'string' && text !== '');
  return new ApiError(
    Number.isSafeInteger(code) ? (code as number) : codeForStatus(status),
    (sentence as string | undefined) ?? `Twilio returned ${status}`,
    typeof details === 'object' && details !== null ? (details as Details) : undefined,
    code === 20429 ? 429 : status,
  );
}

/** Tells an API key that Twilio does not accept from one that lacks a permission; other errors are returned as they are. */
export function explainApiKey(error: ApiError, method: string, url: string): ApiError {
  const { code, message, details, status } = error;
  // The codes of Conversations begin with 50: a limit, such as that of webhooks, may be a 403 too.
  if (![401, 403].includes(status) || /^50...$/.test(`${code}`)) return error;
  const issue =
    code === 20003 && status === 401 ? 'is not accepted' : `may not ${method} ${withoutQuery(url)}`;
  return new ApiError(code, `TWILIO_API_KEY ${issue}: ${message}`, details, status);
}
