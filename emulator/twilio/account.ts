/** What `.env.emulator` says too. Fixed, so that an `.env` can be written down; known to the emulator only. */
export const ACCOUNT_SID = 'AC00000000000000000000000000000001';
export const AUTH_TOKEN = 'not-a-secret-only-for-emulator00';

/** The account's default service: the one the short paths (`/v1/Conversations/…`) speak of. */
export const DEFAULT_SERVICE_SID = 'IS00000000000000000000000000000001';
export const DEFAULT_MESSAGING_SERVICE_SID = 'MG00000000000000000000000000000001';
export const DEFAULT_ROLE_SID = 'RL00000000000000000000000000000001';
