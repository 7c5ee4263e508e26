import { ApiError, type Details } from '../lib/api-error';

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

/** Carries an error of this bundle's own code through the helper library, which would take it for an unreadable response. */
export class InternalError extends Error {
  constructor(cause: unknown) {
    super('Internal error', { cause });
  }
}

/**
 * Passes on Twilio's error (the helper library's RestException) with its status and code; 20429 is a 429, whatever status it
 * came with, since nothing was done. Any other error of the library means that it cannot read the response.
 * @throws ApiError; of an InternalError its cause
 */
export function throwApiError(error: unknown): never {
  if (error instanceof ApiError) throw error;
  if (error instanceof InternalError) throw error.cause;
  const { status, code, message, details } = (error ?? {}) as Partial<Record<string, unknown>>;
  if (typeof status !== 'number' || status < 400 || status > 599) throw unexpectedResponse();
  throw new ApiError(
    Number.isSafeInteger(code) ? (code as number) : codeForStatus(status),
    typeof message === 'string' && message !== '' ? message : `Twilio returned ${status}`,
    typeof details === 'object' && details !== null ? (details as Details) : undefined,
    code === 20429 ? 429 : status,
  );
}
