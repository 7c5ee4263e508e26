import { ACCOUNT_SID, AUTH_TOKEN, DEFAULT_SERVICE_SID } from '../../twilio/account';
import type { Conversation } from './types';

const AUTHORIZATION = `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`;

/** A form; an array becomes a repeated name, and what is empty or undefined is left out. */
export type Form = Readonly<Record<string, string | undefined>>;

/** A control route under `/_emulator`. @throws Error with a sentence for the user */
export function control<T>(method: string, path: string, form?: Form): Promise<T> {
  return send(method, `/_emulator${path}`, form && toBody(form));
}

/** A control route that takes JSON. */
export function controlJson<T>(method: string, path: string, json: string): Promise<T> {
  return send(method, `/_emulator${path}`, json, { 'Content-Type': 'application/json' });
}

/** Twilio's REST API, as any client uses it. `fires`: whether webhooks fire. */
export function rest<T>(
  method: string,
  { chat_service_sid: service }: Pick<Conversation, 'chat_service_sid'>,
  path: string,
  { form, fires = true }: { form?: Form; fires?: boolean } = {},
): Promise<T> {
  const scope = service === DEFAULT_SERVICE_SID ? '/v1' : `/v1/Services/${service}`;
  return send(method, scope + path, form && toBody(form), {
    Authorization: AUTHORIZATION,
    ...(fires && { 'X-Twilio-Webhook-Enabled': 'true' }),
  });
}

export const defaultService = { chat_service_sid: DEFAULT_SERVICE_SID };

async function send<T>(
  method: string,
  path: string,
  body?: string | URLSearchParams,
  headers: Record<string, string> = {},
): Promise<T> {
  const response = await fetch(path, { method, headers, ...(body !== undefined && { body }) }).catch(() => {
    throw new Error('The emulator does not respond.');
  });
  const text = await response.text();
  const json = parse(text);
  if (response.ok) return json as T;
  const { message, code } = Object(json) as { message?: string; code?: number };
  throw new Error(
    message === undefined ? `HTTP ${response.status}` : `${message}${code === undefined ? '' : ` (${code})`}`,
  );
}

function toBody(form: Form): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form))
    if (value !== undefined && value !== '') body.append(name, value);
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
