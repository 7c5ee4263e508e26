import type { NewParticipant, ParticipantChange } from '../../actions/participants';
import { isSid } from '../../state/sids';
import type { Binding } from '../../state/store';
import { DEFAULT_ROLE_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import type { Form } from '../params';

const MOST_ATTRIBUTES = 4 * 1024;

export function readParticipant(form: Form): NewParticipant {
  const identity = form.text('Identity') || null;
  const binding = readBinding(form);
  if (identity === null && binding === null) refuse(50204);
  if (identity !== null && binding?.address) refuse(50211);
  return {
    identity,
    binding,
    attributes: form.json('Attributes', MOST_ATTRIBUTES) ?? '{}',
    roleSid: readRole(form) ?? DEFAULT_ROLE_SID,
    dates: { created: form.date('DateCreated', 50308), updated: form.date('DateUpdated', 50309) },
  };
}

export function readParticipantChange(form: Form): ParticipantChange {
  const lastReadMessageIndex = form.index('LastReadMessageIndex', 50421);
  return defined({
    identity: form.text('Identity'),
    attributes: form.json('Attributes', MOST_ATTRIBUTES),
    roleSid: readRole(form),
    lastReadMessageIndex,
    lastReadTimestamp: form.text('LastReadTimestamp'),
    dateCreated: form.date('DateCreated', 50308),
    dateUpdated: form.date('DateUpdated', 50309),
  });
}

/** Without what was not sent, so that it can be laid over a record. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function readBinding(form: Form): Binding | null {
  const address = form.text('MessagingBinding.Address');
  const proxyAddress = form.text('MessagingBinding.ProxyAddress');
  const projectedAddress = form.text('MessagingBinding.ProjectedAddress');
  if (address === undefined && proxyAddress === undefined && projectedAddress === undefined) return null;
  if (projectedAddress === undefined) return pair(address, proxyAddress);
  const type = (address ?? projectedAddress).startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  return { type, address: address ?? null, proxyAddress: proxyAddress ?? null, projectedAddress };
}

const PHONE = /^(whatsapp:)?\+[1-9]\d{1,14}$/;

/** The phone of somebody outside, and the number of ours that they write to. */
export function pair(address = '', proxyAddress = ''): Binding {
  if (address === '') refuse(50411);
  if (proxyAddress === '') refuse(50412);
  if (!PHONE.test(address)) refuse(50407);
  if (!PHONE.test(proxyAddress)) refuse(50408);
  if (address === proxyAddress) refuse(50409);
  const type = address.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  if (proxyAddress.startsWith('whatsapp:') !== (type === 'whatsapp')) refuse(50414);
  return { type, address, proxyAddress, projectedAddress: null };
}

function readRole(form: Form): string | undefined {
  const role = form.text('RoleSid');
  return role === undefined || isSid('RL', role) ? role : refuse(50109);
}
