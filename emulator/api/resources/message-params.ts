import type { MessageChange, NewMessage } from '../../actions/messages';
import { isSid } from '../../state/sids';
import type { Media } from '../../state/store';
import { refuse } from '../../twilio/errors';
import type { Form } from '../params';
import { defined } from './participant-params';

const MOST_ATTRIBUTES = 4 * 1024;
const MOST_BODY = 32 * 1024;

export function readMessage(form: Form): NewMessage {
  const body = readBody(form) ?? null;
  const media = readMedia(form);
  const contentSid = form.text('ContentSid') ?? null;
  if (contentSid !== null && !isSid('HX', contentSid)) refuse(50526);
  if (!body && media.length === 0 && contentSid === null) refuse(50503);
  return {
    author: form.text('Author') || 'system',
    body,
    media,
    contentSid,
    attributes: form.json('Attributes', MOST_ATTRIBUTES) ?? '{}',
    dates: { created: form.date('DateCreated', 50308), updated: form.date('DateUpdated', 50309) },
  };
}

export function readMessageChange(form: Form): MessageChange {
  return defined({
    author: form.text('Author'),
    body: readBody(form),
    attributes: form.json('Attributes', MOST_ATTRIBUTES),
    dateCreated: form.date('DateCreated', 50308),
    dateUpdated: form.date('DateUpdated', 50309),
  });
}

function readBody(form: Form): string | undefined {
  const body = form.text('Body');
  return body !== undefined && Buffer.byteLength(body) > MOST_BODY ? refuse(50504) : body;
}

// There is no media service here, so nothing is known of a file but its SID.
function readMedia(form: Form): Media[] {
  const sid = form.text('MediaSid');
  if (sid === undefined) return [];
  if (!isSid('ME', sid)) refuse(50510);
  return [{ sid, filename: null, contentType: 'application/octet-stream', size: 0 }];
}
