import type { OptionName } from '../../emulator/state/options';
import type { Question } from './question';
import { accountWebhook } from './questions/account-webhook';
import { chatService } from './questions/chat-service';
import { closedConversation } from './questions/closed-conversation';
import { contactAddress } from './questions/contact-address';
import { dateUpdated } from './questions/date-updated';
import { defaultMethod } from './questions/default-method';
import { eventOrder } from './questions/event-order';
import { extraFilters } from './questions/extra-filters';
import { keywordEcho } from './questions/keyword-echo';
import { listLag } from './questions/list-lag';
import { messageService } from './questions/message-service';
import { methodEcho } from './questions/method-echo';
import { missingWebhook } from './questions/missing-webhook';
import { pageSize } from './questions/page-size';
import { replayAfter } from './questions/replay-after';
import { signedArray } from './questions/signed-array';
import { sinkSharing } from './questions/sink-sharing';
import { sixthWebhook } from './questions/sixth-webhook';
import { studioWebhook } from './questions/studio-webhook';
import { triggerCase } from './questions/trigger-case';
import { triggerEcho } from './questions/trigger-echo';
import { unbatchedEvents } from './questions/unbatched-events';
import { undocumentedEcho } from './questions/undocumented-echo';
import { uniqueName } from './questions/unique-name';

/** In the order in which they are asked. */
export const questions: readonly Question[] = [
  sixthWebhook,
  missingWebhook,
  uniqueName,
  closedConversation,
  pageSize,
  replayAfter,
  defaultMethod,
  methodEcho,
  triggerEcho,
  keywordEcho,
  dateUpdated,
  undocumentedEcho,
  extraFilters,
  listLag,
  sinkSharing,
  triggerCase,
  eventOrder,
  messageService,
  chatService,
  accountWebhook,
  studioWebhook,
  contactAddress,
  unbatchedEvents,
  signedArray,
];

/** The options that no question is about, and why. */
export const unasked: Partial<Record<OptionName, string>> = {
  concurrencyLimit: "finding the limit would throttle the account's own requests",
  webhookTimeout: 'documented: five seconds',
};
