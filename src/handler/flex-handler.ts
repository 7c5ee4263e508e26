import type {
  ServerlessFunctionSignature,
  TwilioResponse,
} from '@twilio-labs/serverless-runtime-types/types';
import { ApiError } from '../lib/api-error';
import { type Environment, trimVariables } from '../lib/environment';
import { parseOrigins } from '../lib/origins';
import { validateConversationSid } from '../lib/sids';
import { type Call, createHandler } from './create-handler';
import { sentence } from './log';
import { type Input, type ParameterName, parseParameters } from './parameters';

/** What every one of these functions takes. */
type Common = 'ConversationSid' | 'ServiceSid' | 'Token';

interface FlexDefinition<N extends ParameterName> {
  readonly operation: string;
  /** What else it takes. */
  readonly parameters: readonly N[];
  /** @throws ApiError if the token is not a worker's */
  authenticate(token: string | undefined, call: Call): Promise<void>;
  /** What an agent may see: no URL, which may contain a key. */
  run(input: Input<N | Common>, call: Call): Promise<object>;
}

/**
 * Creates the handler of a public function that pages of FLEX_ORIGINS call: 404 without these, 403 for any other page. A script can
 * send whatever `Origin` it likes, so the token is what guards. The platform itself responds to a preflight.
 */
export function createFlexHandler<N extends ParameterName>({
  operation,
  parameters,
  authenticate,
  run,
}: FlexDefinition<N>): ServerlessFunctionSignature<Environment> {
  return (context, event, callback) => {
    const { FLEX_ORIGINS } = trimVariables(context);
    const sent = originOf(event);
    const origin = parseOrigins(FLEX_ORIGINS).find((listed) => listed === sent);
    const handler = createHandler<Input<N | Common>>({
      operation,
      parse() {
        if (!FLEX_ORIGINS)
          throw new ApiError(20404, 'FLEX_ORIGINS is not set, so this function is off', undefined, 404);
        if (origin === undefined)
          throw new ApiError(20403, 'The Origin of the request is not in FLEX_ORIGINS', undefined, 403);
        const input = parseParameters(event, ['ConversationSid', 'ServiceSid', ...parameters, 'Token']);
        // Before Twilio is asked about the token.
        validateConversationSid(input.ConversationSid);
        return input;
      },
      async run(input, call) {
        await authenticate(input.Token, call);
        return { body: await run(input, call).catch(throwWithoutUrls) };
      },
    });
    handler(context, event, (error, response) => {
      const toSend = response as TwilioResponse;
      if (origin !== undefined) toSend.appendHeader('Access-Control-Allow-Origin', origin);
      toSend.appendHeader('Vary', 'Origin');
      callback(error, toSend);
    });
  };
}

/** The runtime has a request's headers in `request`, unless a parameter of that name takes its place. */
function originOf(event: object): unknown {
  const { request } = event as { request?: { headers?: { origin?: unknown } | null } | null };
  return request?.headers?.origin;
}

/** Details may have settings of webhooks, and Twilio's messages may quote a URL. */
function throwWithoutUrls(error: unknown): never {
  if (!(error instanceof ApiError)) throw error;
  const { code, message, details, status } = error;
  throw new ApiError(
    code,
    sentence(message) ?? '',
    details?.plan ? { plan: details.plan } : undefined,
    status,
  );
}
