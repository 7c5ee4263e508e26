import { type EmulatorContext, newRecord } from '../context';
import type { Service, User } from '../state/records';
import { DEFAULT_USER_ROLE_SID } from '../twilio/account';
import { refuse } from '../twilio/errors';

export type NewUser = Pick<User, 'identity'> & UserChange;
export type UserChange = Partial<Pick<User, 'friendlyName' | 'attributes' | 'roleSid'>>;

export function addUser(context: EmulatorContext, service: Service, wanted: NewUser): User {
  if (service.byIdentity.has(wanted.identity)) refuse(50201);
  const user: User = {
    ...newRecord(context, 'US'),
    friendlyName: null,
    attributes: '{}',
    roleSid: DEFAULT_USER_ROLE_SID,
    ...wanted,
  };
  service.users.set(user.sid, user);
  service.byIdentity.set(user.identity, user);
  return user;
}

/** A participant's identity is always that of a user, who is added with the participant if need be. */
export function ensureUser(context: EmulatorContext, service: Service, identity: string): void {
  if (!service.byIdentity.has(identity)) addUser(context, service, { identity });
}

export function updateUser({ clock }: EmulatorContext, user: User, change: UserChange): void {
  Object.assign(user, { dateUpdated: clock.now() }, change);
}
