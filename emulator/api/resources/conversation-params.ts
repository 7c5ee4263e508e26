import type { ConversationChange } from '../../actions/conversations';
import type { State } from '../../state/records';
import { isSid } from '../../state/sids';
import { refuse } from '../../twilio/errors';
import type { Params } from '../params';

const MINUTE = 60_000;

/** Everything but the state. Timers count from `now`. */
export function readConversation(params: Params, now: number): ConversationChange {
  const change: ConversationChange = {};
  const friendlyName = params.string('FriendlyName');
  if (friendlyName !== undefined)
    change.friendlyName = friendlyName.length > 256 ? refuse(50003) : friendlyName;
  const uniqueName = params.string('UniqueName');
  if (uniqueName !== undefined) change.uniqueName = readUniqueName(uniqueName);
  const attributes = params.json('Attributes', 16 * 1024);
  if (attributes !== undefined) change.attributes = attributes;
  const messagingServiceSid = params.string('MessagingServiceSid');
  if (messagingServiceSid !== undefined) {
    change.messagingServiceSid = isSid('MG', messagingServiceSid) ? messagingServiceSid : refuse(50341);
  }
  const inactive = params.string('Timers.Inactive');
  if (inactive !== undefined) change.dateInactive = timer(inactive, MINUTE, now, 50379, 50375);
  const closed = params.string('Timers.Closed');
  if (closed !== undefined) change.dateClosed = timer(closed, 10 * MINUTE, now, 50380, 50376);
  const dateCreated = params.date('DateCreated', 50308);
  if (dateCreated !== undefined) change.dateCreated = dateCreated;
  const dateUpdated = params.date('DateUpdated', 50309);
  if (dateUpdated !== undefined) change.dateUpdated = dateUpdated;
  return change;
}

export function readState(params: Params): State | undefined {
  const state = params.string('State');
  if (state === undefined || state === 'active' || state === 'inactive' || state === 'closed') return state;
  return refuse(50378);
}

function readUniqueName(name: string): string | null {
  if (name.length > 256) refuse(50004);
  if (isSid('CH', name)) refuse(50390);
  return name === '' ? null : name;
}

// The latest time that a Date can have.
const MAX_DATE = 8.64e15;

// An ISO 8601 duration in days, hours, minutes and seconds. An empty string removes the timer.
function timer(text: string, least: number, now: number, badFormat: 50379 | 50380, tooShort: 50375 | 50376) {
  if (text === '') return null;
  const parts = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (parts === null) return refuse(badFormat);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const duration = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  if (duration < least) return refuse(tooShort);
  return now + duration <= MAX_DATE ? now + duration : refuse(badFormat);
}
