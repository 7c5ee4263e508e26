import twilio from 'twilio';
import { emulatorEnvironment } from './programs';

/** The real helper library, pointed at the emulator. */
export function apiClient(origin: string) {
  const { ACCOUNT_SID, AUTH_TOKEN } = emulatorEnvironment();
  const client = twilio(ACCOUNT_SID, AUTH_TOKEN);
  client.conversations.baseUrl = origin;
  return client.conversations.v1;
}
