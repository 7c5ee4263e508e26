import type { NewParticipant, ParticipantChange } from '../../actions/participants';
import type { Binding } from '../../state/records';
import { isSid } from '../../state/sids';
import { DEFAULT_ROLE_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import type { Params } from '../params';

/** Of participants and users. */
export const MAX_ATTRIBUTES_BYTES = 4 * 1024;

export function readParticipant(params: Params): NewParticipant {
  const identity = params.string('Identity') || null;
  const binding = readBinding(params);
  if (identity === null && binding === null) refuse(50204);
  if (identity !== null && binding?.address) refuse(50211);
  return {
    identity,
    binding,
    attributes: params.json('Attributes', MAX_ATTRIBUTES_BYTES) ?? '{}',
    roleSid: readRole(params) ?? DEFAULT_ROLE_SID,
    dates: { created: params.date('DateCreated', 50308), updated: params.date('DateUpdated', 50309) },
  };
}

export function readParticipantChange(params: Params): ParticipantChange {
  const lastReadMessageIndex = params.integer('LastReadMessageIndex', 50421);
  return withoutUndefined({
    identity: params.string('Identity'),
    attributes: params.json('Attributes', MAX_ATTRIBUTES_BYTES),
    roleSid: readRole(params),
    lastReadMessageIndex,
    lastReadTimestamp: params.string('LastReadTimestamp'),
    dateCreated: params.date('DateCreated', 50308),
    dateUpdated: params.date('DateUpdated', 50309),
  });
}

/** Only the fields that were sent, to be merged into a record. */
export function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function readBinding(params: Params): Binding | null {
  const address = params.string('MessagingBinding.Address');
  const proxyAddress = params.string('MessagingBinding.ProxyAddress');
  const projectedAddress = params.string('MessagingBinding.ProjectedAddress');
  if (address === undefined && proxyAddress === undefined && projectedAddress === undefined) return null;
  if (projectedAddress === undefined) return readBindingPair(address, proxyAddress);
  const type = (address ?? projectedAddress).startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  return { type, address: address ?? null, proxyAddress: proxyAddress ?? null, projectedAddress };
}

const PHONE = /^(whatsapp:)?\+[1-9]\d{1,14}$/;

/** A participant's phone, and the number of ours that they write to. */
export function readBindingPair(address = '', proxyAddress = ''): Binding {
  if (address === '') refuse(50411);
  if (proxyAddress === '') refuse(50412);
  if (!PHONE.test(address)) refuse(50407);
  if (!PHONE.test(proxyAddress)) refuse(50408);
  if (address === proxyAddress) refuse(50409);
  const type = address.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  if (proxyAddress.startsWith('whatsapp:') !== (type === 'whatsapp')) refuse(50414);
  return { type, address, proxyAddress, projectedAddress: null };
}

export function readRole(params: Params): string | undefined {
  const role = params.string('RoleSid');
  return role === undefined || isSid('RL', role) ? role : refuse(50109);
}
