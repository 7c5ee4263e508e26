/**
 * The environment variables that the functions read, and the host that the runtime adds to them.
 * A type alias, because the runtime's types take no interface.
 */
export type Environment = {
  readonly ACCOUNT_SID?: string;
  readonly AUTH_TOKEN?: string;
  /** As the helper library reads them: https://www.twilio.com/docs/global-infrastructure */
  readonly TWILIO_EDGE?: string;
  readonly TWILIO_REGION?: string;
  /** How often a request is repeated, and between which bounds one waits before it, in milliseconds. */
  readonly TWILIO_SERVICE_RETRY_LIMIT?: string;
  readonly TWILIO_SERVICE_MIN_BACKOFF?: string;
  readonly TWILIO_SERVICE_MAX_BACKOFF?: string;
  /** Another origin in the place of Twilio's: the emulator. Not set in production. */
  readonly TWILIO_API_BASE_URL?: string;
  /** Host patterns with commas between: what webhooks may call besides this deployment. Empty: everything. */
  readonly WEBHOOK_URL_ALLOWLIST?: string;
};

/** The environment as a function sees it. https://www.twilio.com/docs/serverless/functions-assets/functions/invocation */
export type FunctionContext = Environment & { readonly DOMAIN_NAME?: string };
