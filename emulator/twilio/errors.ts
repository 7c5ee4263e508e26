/** HTTP status and message by code, from https://www.twilio.com/docs/api/errors. Not every status is published. */
const table = {
  20001: [400, 'Invalid parameter'],
  20003: [401, 'Authenticate'],
  20004: [405, 'Method not allowed'],
  20007: [400, 'Page size too large'],
  20403: [403, 'Forbidden'],
  20404: [404, 'Not found'],
  20409: [409, 'Conflict'],
  20429: [429, 'Too Many Requests'],
  20500: [500, 'Internal server error'],
  50003: [400, 'Friendly name too long'],
  50004: [400, 'Unique name too long'],
  50050: [404, 'Service instance not found'],
  50054: [400, 'Invalid webhook format'],
  50055: [400, 'Invalid webhook method'],
  50109: [400, 'Conversation role not found'],
  50200: [404, 'User not found'],
  50201: [409, 'User already exists'],
  50204: [400, 'Identity not provided'],
  50206: [400, 'Identity should not match user SID pattern'],
  50211: [400, 'Identity parameter not acceptable for this participant'],
  50303: [400, 'Attributes too long'],
  50304: [400, 'Attributes not valid JSON'],
  50308: [400, 'Invalid date created parameter'],
  50309: [400, 'Invalid date updated parameter'],
  50341: [400, 'Invalid messaging service SID'],
  50350: [404, 'Conversation not found'],
  50353: [409, 'Conversation with provided unique name already exists'],
  50360: [404, 'Conversation webhook not found'],
  50361: [403, 'Too many conversation webhooks'],
  50362: [400, 'Too many conversation webhook triggers'],
  50363: [400, 'Invalid conversation webhook SID'],
  50364: [400, 'Invalid conversation webhook type'],
  50365: [400, 'Invalid conversation webhook filter'],
  50366: [400, 'Invalid conversation webhook trigger'],
  50367: [400, 'Invalid conversation webhook flow SID'],
  50368: [400, 'Conversation webhook type not provided'],
  50369: [400, 'Conversation webhook URL not provided'],
  50370: [400, 'Conversation webhook filter not provided'],
  50371: [400, 'Conversation webhook trigger not provided'],
  50372: [400, 'Conversation webhook URL is too long'],
  50375: [400, 'TimeToInactive should be greater or equal to 1 minute'],
  50376: [400, 'TimeToClosed should be greater or equal to 10 minutes'],
  50377: [400, "Can't update conversation as it's in final closed state"],
  50378: [400, "'State' parameter value is invalid"],
  50379: [400, 'TimeToInactive format is invalid'],
  50380: [400, 'TimeToClosed format is invalid'],
  50384: [400, "Initial state can't be 'closed'"],
  50390: [400, 'Unique name should not match conversation sid pattern'],
  50407: [400, 'Invalid messaging binding address'],
  50408: [400, 'Invalid participant proxy address'],
  50409: [400, 'Participant address equals proxy address'],
  50411: [400, 'Participant address is empty'],
  50412: [400, 'Participant proxy address is empty'],
  50414: [400, 'Participant address type does not match proxy address type'],
  50416: [409, 'Participant and proxy address pair is already in use'],
  50417: [403, 'Participants limit exceeded'],
  50421: [400, 'Invalid last read message index format'],
  50422: [403, 'Non-chat conversation participants limit exceeded'],
  50430: [400, 'Participant is not a member of conversation'],
  50432: [404, 'Participant not found'],
  50433: [409, 'Participant already exists'],
  50500: [404, 'Message not found'],
  50503: [400, 'Message body not provided'],
  50504: [400, 'Message body parameter is too long'],
  50510: [400, 'Invalid message media SID'],
  50526: [400, 'Invalid content SID'],
  91000: [400, 'Sink could not be created'],
  91001: [404, 'Sink could not be found'],
  91003: [403, 'Account reached the max sink limit'],
  91007: [409, 'Sink cannot be deleted because it is still in use'],
  91100: [400, 'Subscription could not be created'],
  91101: [400, 'Subscription could not be created'],
  91102: [404, 'Subscription could not be found'],
} as const satisfies Record<number, readonly [status: number, message: string]>;

export type Code = keyof typeof table;

/** An error response of the API. */
export class TwilioError extends Error {
  readonly status: number;

  constructor(
    readonly code: Code,
    message: string = table[code][1],
    status: number = table[code][0],
  ) {
    super(message);
    this.status = status;
  }

  get body() {
    return errorBody(this);
  }
}

/** The four keys of every Twilio error, for any code. */
export const errorBody = ({ code, message, status }: { code: number; message: string; status: number }) => ({
  code,
  message,
  more_info: `https://www.twilio.com/docs/errors/${code}`,
  status,
});

export function refuse(code: Code, message?: string, status?: number): never {
  throw new TwilioError(code, message, status);
}
