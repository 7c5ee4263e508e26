import { ApiError } from '../../src/lib/api-error';
import type { Client } from './client';
import { type Inspection, inspect, type Scope } from './inspect';
import { type Filter, type ListedConversation, listConversations } from './list';
import type { Pace } from './pace';
import { workThrough } from './queue';
import type { Failure } from './totals';

/** So many failures in a row are no accident: Twilio cannot be reached, or the credentials have changed. */
const MAX_FAILURES_IN_A_ROW = 20;

/** What is done with each conversation, in the order in which they are read. */
export interface Visitor {
  inspected(inspection: Inspection): void | Promise<void>;
  failed(failure: Failure): void;
  /** Whether to leave one out. */
  skips?(listed: ListedConversation): boolean;
}

/** Reads the webhooks of each conversation, and compares them with the policy: one call each. @throws ApiError */
export async function scan(
  client: Client,
  filter: Filter,
  scope: Scope,
  pace: Pace,
  visitor: Visitor,
): Promise<void> {
  const failures = new FailuresInARow();
  pace.begin('read');
  await workThrough(
    listConversations(client, filter),
    () => pace.concurrency.limit,
    async (listed) => {
      if (visitor.skips?.(listed)) return;
      try {
        const list = await client
          .conversation({ ConversationSid: listed.conversation, ServiceSid: listed.service })
          .list();
        await visitor.inspected(await inspect(listed, list, scope));
        failures.reset();
      } catch (error) {
        const failure = failures.note(error);
        if (failure)
          visitor.failed({ conversation: listed.conversation, service: listed.service, error: failure });
      }
      pace.step();
    },
  );
  pace.end();
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
