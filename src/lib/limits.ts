/** Webhooks of one conversation, all targets together (error 50361). */
export const MAX_WEBHOOKS = 5;
/** Keywords of one trigger webhook (error 50362). */
export const MAX_TRIGGERS = 5;
/** Characters of one keyword (error 50366). */
export const MAX_TRIGGER_LENGTH = 248;
/** Characters of a webhook's URL (error 50372). */
export const MAX_URL_LENGTH = 512;
