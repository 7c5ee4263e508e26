import { ApiError } from '../../src/lib/api-error';
import type { WebhookList } from '../../src/webhooks/conversation';
import type { Client } from '../client';
import { type Filter, type ListedConversation, listConversations } from './list';
import type { Pace } from './pace';
import { workThrough } from './queue';
import type { Failure } from './totals';

/** After this many failures in a row, Twilio cannot be reached or the credentials have changed. */
const MAX_FAILURES_IN_A_ROW = 20;

/** What is done with each conversation, in the order in which they are read. */
export interface Visitor {
  visit(listed: ListedConversation, list: WebhookList): void | Promise<void>;
  failed(failure: Failure): void | Promise<void>;
  /** Whether to leave one out. */
  skips?(listed: ListedConversation): boolean;
}

/** Reads the webhooks of each conversation: one call each. @throws ApiError */
export async function scan(client: Client, filter: Filter, pace: Pace, visitor: Visitor): Promise<void> {
  const failures = new FailuresInARow();
  pace.progress.begin('read');
  await workThrough(
    listConversations(client, filter),
    () => pace.concurrency.limit,
    async (listed) => {
      if (visitor.skips?.(listed)) return;
      const { conversation, service } = listed;
      const list = await client
        .conversation({ ConversationSid: conversation, ServiceSid: service })
        .list()
        .catch(async (failure) => {
          const error = failures.note(failure);
          if (error !== undefined) await visitor.failed({ conversation, service, error });
        });
      if (list) {
        failures.reset();
        await visitor.visit(listed, list);
      }
      pace.progress.step();
    },
  );
  pace.progress.end();
}

/** Tells the failure of one conversation from one that stops everything. */
export class FailuresInARow {
  #count = 0;

  reset(): void {
    this.#count = 0;
  }

  /** What failed, in words; undefined if the conversation is gone. @throws what will not pass */
  note(error: unknown): string | undefined {
    if (!(error instanceof ApiError) || error.status === 401) throw error;
    if (error.status === 404) return undefined;
    this.#count += 1;
    if (this.#count >= MAX_FAILURES_IN_A_ROW) throw error;
    return `${error.code} ${error.message}`;
  }
}
