/** The same as in `.env.emulator`: fixed, and valid for the emulator only. Letters and digits: twilio-go accepts nothing else. */
export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'OnlyForTheEmulatorNotARealSecret';

/** The service of paths without one (`/v1/Conversations/…`). */
export const DEFAULT_SERVICE_SID = 'IS00000000000000000000000000000001';
export const DEFAULT_MESSAGING_SERVICE_SID = 'MG00000000000000000000000000000001';
export const DEFAULT_ROLE_SID = 'RL00000000000000000000000000000001';
export const DEFAULT_USER_ROLE_SID = 'RL00000000000000000000000000000002';
