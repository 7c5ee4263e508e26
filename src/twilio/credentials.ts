import { ApiError } from '../lib/api-error';
import type { Environment } from '../lib/environment';
import { parseUrl } from '../lib/parse-url';
import { isSid } from '../lib/sids';
import { isLoopback } from '../lib/url';

export interface Credentials {
  readonly baseUrl: string;
  readonly authorization: string;
}

/** One of Twilio's APIs, as in its host. */
export type Product = 'conversations' | 'studio' | 'monitor' | 'serverless' | 'iam' | 'events';

interface Variable {
  readonly isUsable: (value: string) => boolean;
  /** What an error says that it must be. */
  readonly expected: string;
}

const LABEL: Variable = {
  isUsable: (value) => /^[a-z0-9-]+$/.test(value),
  expected: 'lower-case letters, digits and hyphens',
};
const sidOf = (prefix: string): Variable => ({
  isUsable: (value) => isSid(prefix, value),
  expected: `${prefix} and 32 hexadecimal digits`,
});
const NUMBER: Variable = {
  isUsable: (value) => /^\d{1,6}$/.test(value),
  expected: 'a number of up to six digits',
};

/** The variables of API requests. */
const VARIABLES = {
  ACCOUNT_SID: sidOf('AC'),
  AUTH_TOKEN: { isUsable: () => true, expected: "the account's auth token" },
  TWILIO_API_KEY: sidOf('SK'),
  TWILIO_API_SECRET: { isUsable: () => true, expected: 'the secret of the API key' },
  TWILIO_API_BASE_URL: { isUsable: isSafeOrigin, expected: 'an https origin, or an http origin on loopback' },
  TWILIO_EDGE: LABEL,
  TWILIO_REGION: LABEL,
  TWILIO_SERVICE_RETRY_LIMIT: NUMBER,
  TWILIO_SERVICE_MIN_BACKOFF: NUMBER,
  TWILIO_SERVICE_MAX_BACKOFF: NUMBER,
} as const satisfies Partial<Record<keyof Environment, Variable>>;

type VariableName = keyof typeof VARIABLES;

/** @throws ApiError 20003 if the credentials are missing or malformed, 20500 if another variable is malformed */
export function readCredentials(env: Environment, product: Product = 'conversations'): Credentials {
  const unusable = unusableVariables(env);
  if (unusable.length > 0) {
    const [code, status] = unusable.some((name) => requiredFor(env).includes(name))
      ? [20003, 401]
      : [20500, 500];
    const issues = unusable.map((name) => `${name} must be ${VARIABLES[name].expected}`).join('; ');
    throw new ApiError(code, `${issues}; correct the environment`, undefined, status);
  }
  return {
    baseUrl: env.TWILIO_API_BASE_URL ? new URL(env.TWILIO_API_BASE_URL).origin : twilioOrigin(env, product),
    authorization: `Basic ${Buffer.from(userAndPassword(env).join(':')).toString('base64')}`,
  };
}

/** The names of the variables with which no request can be sent: malformed, or required and missing. */
export function unusableVariables(env: Environment): VariableName[] {
  const names = Object.keys(VARIABLES) as VariableName[];
  const required = requiredFor(env);
  return names.filter((name) => (env[name] ? !VARIABLES[name].isUsable(env[name]) : required.includes(name)));
}

/** Those of an API key if there is one; signatures are made with the auth token all the same. */
export function userAndPassword(env: Environment): [user: string | undefined, password: string | undefined] {
  return env.TWILIO_API_KEY ? [env.TWILIO_API_KEY, env.TWILIO_API_SECRET] : [env.ACCOUNT_SID, env.AUTH_TOKEN];
}

/** A key without its secret, or a secret without its key, is a mistake. */
function requiredFor(env: Environment): VariableName[] {
  return env.TWILIO_API_KEY || env.TWILIO_API_SECRET
    ? ['ACCOUNT_SID', 'TWILIO_API_KEY', 'TWILIO_API_SECRET']
    : ['ACCOUNT_SID', 'AUTH_TOKEN'];
}

function isSafeOrigin(text: string): boolean {
  const url = parseUrl(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
}

function twilioOrigin({ TWILIO_EDGE, TWILIO_REGION }: Environment, product: Product): string {
  const region = TWILIO_REGION || (TWILIO_EDGE && 'us1');
  return `https://${[product, TWILIO_EDGE, region, 'twilio', 'com'].filter(Boolean).join('.')}`;
}
