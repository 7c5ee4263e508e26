import twilio from 'twilio';
import { emulatorEnvironment } from './programs';

/** The Conversations API of the real helper library, pointed at the emulator. */
export function apiClient(origin: string) {
  const { conversations } = client();
  conversations.baseUrl = origin;
  return conversations.v1;
}

/** The same for Event Streams. */
export function eventsClient(origin: string) {
  const { events } = client();
  events.baseUrl = origin;
  return events.v1;
}

function client() {
  const { ACCOUNT_SID, AUTH_TOKEN } = emulatorEnvironment();
  return twilio(ACCOUNT_SID, AUTH_TOKEN);
}
