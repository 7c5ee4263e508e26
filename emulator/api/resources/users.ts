import { addUser, type UserChange, updateUser } from '../../actions/users';
import { isoSeconds } from '../../state/clock';
import type { User } from '../../state/records';
import { isSid } from '../../state/sids';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { page } from '../paging';
import type { Params } from '../params';
import { type ApiRequest, created, notFound, type Operation, ok, type Scope, scopeOf } from '../request';
import { MAX_ATTRIBUTES_BYTES, readRole, withoutUndefined } from './participant-params';

const create: Operation = (request) => {
  const scope = scopeOf(request);
  const identity = request.params.string('Identity');
  if (identity === undefined || identity === '') return refuse(50204);
  if (isSid('US', identity)) refuse(50206);
  const wanted = { identity, ...readChange(request.params) };
  return created(print(scope, addUser(request.context, scope.service, wanted)));
};

const fetch: Operation = (request) => ok(print(scopeOf(request), userOf(request)));

const update: Operation = (request) => {
  const user = userOf(request);
  updateUser(request.context, user, readChange(request.params));
  return ok(print(scopeOf(request), user));
};

const list: Operation = (request) => {
  const scope = scopeOf(request);
  const rules = { key: 'users', default: 50, max: 50 };
  return page(request, [...scope.service.users.values()], rules, (user) => print(scope, user));
};

const readChange = (params: Params): UserChange =>
  withoutUndefined({
    friendlyName: params.string('FriendlyName'),
    attributes: params.json('Attributes', MAX_ATTRIBUTES_BYTES),
    roleSid: readRole(params),
  });

/** By SID or by identity. */
function userOf(request: ApiRequest): User {
  const { users, byIdentity } = scopeOf(request).service;
  const key = request.pathParams.Sid ?? '';
  return users.get(key) ?? byIdentity.get(key) ?? notFound(request, 50200);
}

function print({ root, service }: Scope, user: User) {
  const url = `${root}/Users/${user.sid}`;
  return {
    sid: user.sid,
    account_sid: ACCOUNT_SID,
    chat_service_sid: service.sid,
    role_sid: user.roleSid,
    identity: user.identity,
    friendly_name: user.friendlyName,
    attributes: user.attributes,
    // Null where a service does not track who is online.
    is_online: null,
    is_notifiable: null,
    date_created: isoSeconds(user.dateCreated),
    date_updated: isoSeconds(user.dateUpdated),
    url,
    links: { user_conversations: `${url}/Conversations` },
  };
}

export const users = { create, fetch, list, update };
