import type { Context } from 'hono';
import type { EmulatorContext } from '../context';
import { ACCOUNT_SID } from '../twilio/account';
import { refuse } from '../twilio/errors';
import { readParamsOrJson } from './body';

/** Of iam.twilio.com, which twilio-flex-token-validator requests with JSON. It is not in Twilio's specifications. */
export const VALIDATE_FLEX_TOKEN = '/v1/Accounts/:AccountSid/Tokens/validate';

/** Responds like Twilio as far as that library knows it: whether the token is valid, and if so, whose it is. */
export const validateFlexToken = (context: EmulatorContext) => async (c: Context) => {
  if (c.req.param('AccountSid') !== ACCOUNT_SID) refuse(20404);
  const sent = (await readParamsOrJson(c)).string('token');
  const found = context.flexTokens.all().find(({ token }) => token === sent);
  if (!found) return c.json(invalid('Invalid token'));
  if (found.expires <= context.clock.now())
    return c.json(invalid('Access Token has expired or expiration date is invalid'));
  const { identity, worker_sid, roles, expires } = found;
  const expiration = new Date(expires).toISOString();
  return c.json({ valid: true, code: 0, message: null, expiration, identity, worker_sid, roles });
};

const invalid = (message: string) => ({
  valid: false,
  code: 20101,
  message,
  expiration: null,
  identity: null,
  worker_sid: null,
  roles: null,
});
