/** HTTP statuses of the Twilio error codes that this bundle returns itself. */
const STATUS: Readonly<Record<number, number>> = {
  20003: 401,
  20500: 502,
  20503: 503,
};

/** Whether Twilio was too busy for a request, and did nothing. The codes come with other statuses, too. */
export function isThrottled({ status, code }: { readonly status: number; readonly code?: unknown }): boolean {
  return status === 429 || code === 20422 || code === 20429;
}

/** What an error response may have beyond Twilio's four keys: flat data that tells the caller what to do next. */
export type Details = Readonly<Record<string, unknown>>;

/**
 * An error that the caller sees, in the shape of a Twilio error: a code of Twilio's dictionary
 * (https://www.twilio.com/docs/api/errors), a message and the HTTP status, 400 by default.
 */
export class ApiError extends Error {
  readonly status: number;

  constructor(
    readonly code: number,
    message: string,
    readonly details?: Details,
    status?: number,
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status ?? STATUS[code] ?? 400;
  }

  /** True if the request may have been carried out all the same. */
  get mayHaveSucceeded(): boolean {
    return this.status >= 500;
  }

  /** True if another request was in the way. Nothing was done. */
  get isConflict(): boolean {
    return this.status === 409;
  }

  /** True if Twilio was too busy, and did nothing. */
  get isThrottled(): boolean {
    return isThrottled(this);
  }

  withDetails(details: Details): ApiError {
    if (Object.keys(details).length === 0) return this;
    return new ApiError(this.code, this.message, { ...this.details, ...details }, this.status);
  }

  /** Twilio's four keys, and `details` if there are any. */
  toJSON() {
    return {
      code: this.code,
      message: this.message,
      more_info: `https://www.twilio.com/docs/errors/${this.code}`,
      status: this.status,
      ...(this.details && { details: this.details }),
    };
  }
}
