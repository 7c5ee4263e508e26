/** The environment variables that the functions read. A type alias, since the runtime's types accept no interface. */
export type Environment = {
  readonly ACCOUNT_SID?: string;
  readonly AUTH_TOKEN?: string;
  /** An API key, and its secret, with which requests are sent in place of the auth token. */
  readonly TWILIO_API_KEY?: string;
  readonly TWILIO_API_SECRET?: string;
  /** As the helper library reads them: https://www.twilio.com/docs/global-infrastructure */
  readonly TWILIO_EDGE?: string;
  readonly TWILIO_REGION?: string;
  /** How often a request is retried, and the bounds of the backoff in milliseconds. */
  readonly TWILIO_SERVICE_RETRY_LIMIT?: string;
  readonly TWILIO_SERVICE_MIN_BACKOFF?: string;
  readonly TWILIO_SERVICE_MAX_BACKOFF?: string;
  /** An origin that replaces Twilio's: the emulator. Not set in production. */
  readonly TWILIO_API_BASE_URL?: string;
  /** Comma-separated host patterns that webhooks may call besides this deployment. Empty: all hosts. */
  readonly WEBHOOK_URL_ALLOWLIST?: string;
  /** Comma-separated origins of pages that may call the functions for Flex. Empty: these functions are off. */
  readonly FLEX_ORIGINS?: string;
};

/** The environment of a function, with the host that the runtime adds. https://www.twilio.com/docs/serverless/functions-assets/functions/invocation */
export type FunctionContext = Environment & { readonly DOMAIN_NAME?: string };

/** The variables without the spaces around their values, which a form or a file may leave there. */
export function trimVariables<T extends object>(variables: T): T {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.trim() : value,
    ]),
  ) as T;
}
