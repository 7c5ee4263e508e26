import type { MessageChange, NewMessage } from '../../actions/messages';
import type { Media } from '../../state/records';
import { isSid } from '../../state/sids';
import { refuse } from '../../twilio/errors';
import type { Params } from '../params';
import { withoutUndefined } from './participant-params';

const MAX_ATTRIBUTES_BYTES = 4 * 1024;
const MAX_BODY_BYTES = 32 * 1024;

export function readMessage(params: Params): NewMessage {
  const body = readBody(params) ?? null;
  const media = readMedia(params);
  const contentSid = params.string('ContentSid') ?? null;
  if (contentSid !== null && !isSid('HX', contentSid)) refuse(50526);
  if (!body && media.length === 0 && contentSid === null) refuse(50503);
  return {
    author: params.string('Author') || 'system',
    body,
    media,
    contentSid,
    attributes: params.json('Attributes', MAX_ATTRIBUTES_BYTES) ?? '{}',
    dates: { created: params.date('DateCreated', 50308), updated: params.date('DateUpdated', 50309) },
  };
}

export function readMessageChange(params: Params): MessageChange {
  return withoutUndefined({
    author: params.string('Author'),
    body: readBody(params),
    attributes: params.json('Attributes', MAX_ATTRIBUTES_BYTES),
    dateCreated: params.date('DateCreated', 50308),
    dateUpdated: params.date('DateUpdated', 50309),
  });
}

function readBody(params: Params): string | undefined {
  const body = params.string('Body');
  return body !== undefined && Buffer.byteLength(body) > MAX_BODY_BYTES ? refuse(50504) : body;
}

// There is no media service: only the SID of a file is known.
function readMedia(params: Params): Media[] {
  const sid = params.string('MediaSid');
  if (sid === undefined) return [];
  if (!isSid('ME', sid)) refuse(50510);
  return [{ sid, filename: null, contentType: 'application/octet-stream', size: 0 }];
}
