/** The same as in `.env.emulator`: fixed, and valid for the emulator only. Letters and digits: twilio-go accepts nothing else. */
export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'OnlyForTheEmulatorNotARealSecret';

/** A standard API key, which may do everything, and a restricted one, which may read. */
export const API_KEY = {
  sid: 'SK00000000000000000000000000000001',
  secret: 'OnlyForTheEmulatorNotARealKey001',
};
export const READING_API_KEY = {
  sid: 'SK00000000000000000000000000000002',
  secret: 'OnlyForTheEmulatorNotARealKey002',
};

/** The service of paths without one (`/v1/Conversations/…`). */
export const DEFAULT_SERVICE_SID = 'IS00000000000000000000000000000001';
export const DEFAULT_MESSAGING_SERVICE_SID = 'MG00000000000000000000000000000001';
export const DEFAULT_ROLE_SID = 'RL00000000000000000000000000000001';
export const DEFAULT_USER_ROLE_SID = 'RL00000000000000000000000000000002';
