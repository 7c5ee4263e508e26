import { ApiError } from '../lib/api-error';
import { isSid } from '../lib/sids';
import { type CallContext, fieldsOf } from './api';
import { readCredentials } from './credentials';
import { NoResponseError, request } from './request';

const TIMEOUT_MS = 3_000;
/** Roles of people at a Flex desktop. A customer's token for webchat is valid too, and has the role guest. */
const ROLES = ['agent', 'supervisor', 'admin'];

/**
 * Lets Twilio validate a Flex token, as twilio-flex-token-validator does, and accepts that of a worker only. The library is 3.6 KB of
 * a function, twice this. It has no timeout, no other origin for the emulator, and its error may be anything that the network says.
 * @throws ApiError 20101, 403 for a token that is missing, not valid or not a worker's; 20503 if Twilio did not say
 */
export async function validateFlexToken(token: string | undefined, caller: CallContext): Promise<void> {
  if (token === undefined) throw refused('is missing');
  // As in the library: neither an edge nor a region.
  const env = { ...caller.env, TWILIO_EDGE: '', TWILIO_REGION: '' };
  const { baseUrl, authorization } = readCredentials(env, 'iam');
  const body = JSON.stringify({ token });
  caller.calls += 1;
  const { status, text } = await request(
    new URL(`/v1/Accounts/${env.ACCOUNT_SID}/Tokens/validate`, baseUrl),
    {
      method: 'POST',
      headers: {
        Authorization: authorization,
        'Cache-Control': 'no-cache',
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      },
      form: body,
      deadline: Math.min(caller.deadline, performance.now() + TIMEOUT_MS),
      fresh: true,
    },
  ).catch((error: unknown) => {
    throw error instanceof NoResponseError ? unknown(error.message) : error;
  });
  const { valid, worker_sid, roles } = fieldsOf(parse(text));
  if (valid === false) throw refused('is not valid, or has expired');
  if (status !== 200 || valid !== true) throw unknown(`status ${status}`);
  const isWorker = typeof worker_sid === 'string' && isSid('WK', worker_sid);
  if (!isWorker || !Array.isArray(roles) || !roles.some((role) => ROLES.includes(role)))
    throw refused('is not that of a worker with the role agent, supervisor or admin');
}

function refused(reason: string): ApiError {
  return new ApiError(20101, `Token ${reason}`, undefined, 403);
}

// What Twilio says of our credentials is not for whoever sent a token.
function unknown(reason: string): ApiError {
  return new ApiError(20503, `Twilio did not validate the Token (${reason}); try again`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
