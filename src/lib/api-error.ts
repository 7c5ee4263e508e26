/** The HTTP status that goes with each Twilio error code that this bundle answers on its own account. */
const STATUS: Readonly<Record<number, number>> = {
  20003: 401,
  20500: 502,
  20503: 503,
};

/** What an error answer may carry beyond Twilio's four keys: flat data that tells the caller what to do next. */
export type Details = Readonly<Record<string, unknown>>;

/**
 * A failure that the caller is told about, in the shape of a Twilio error: a code of Twilio's dictionary
 * (https://www.twilio.com/docs/api/errors), one sentence, and the HTTP status. Codes without a status of their own
 * are the caller's fault: 400.
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

  /** True where what was asked for may have been done all the same. */
  get mayHaveSucceeded(): boolean {
    return this.status >= 500;
  }

  /** The same error, with more to say. */
  withDetails(details: Details): ApiError {
    if (Object.keys(details).length === 0) return this;
    return new ApiError(this.code, this.message, { ...this.details, ...details }, this.status);
  }

  /** Twilio's four keys, and `details` where there are any. */
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
