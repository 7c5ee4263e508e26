import { ApiError, type Details } from '../lib/api-error';

const CODES: Readonly<Record<number, number>> = {
  401: 20003,
  403: 20403,
  404: 20404,
  409: 20409,
  429: 20429,
  503: 20503,
};

/** Twilio's general code for an HTTP status that came without one. */
export function codeForStatus(status: number): number {
  return CODES[status] ?? (status < 500 ? 20001 : 20500);
}

/** An answer with the right status and the wrong content. */
export function unexpectedResponse(): ApiError {
  return new ApiError(20500, "Twilio's answer is not the resource that was asked for; try again");
}

/**
 * Twilio's refusal as it is, status and code (a RestException of the helper library); whatever else the library makes of
 * an answer is an answer that it cannot read.
 * @throws ApiError always
 */
export function throwApiError(error: unknown): never {
  if (error instanceof ApiError) throw error;
  const { status, code, message, details } = (error ?? {}) as Partial<Record<string, unknown>>;
  if (typeof status !== 'number' || status < 400 || status > 599) throw unexpectedResponse();
  throw new ApiError(
    Number.isSafeInteger(code) ? (code as number) : codeForStatus(status),
    typeof message === 'string' && message !== '' ? message : `Twilio answered ${status}`,
    typeof details === 'object' && details !== null ? (details as Details) : undefined,
    status,
  );
}
