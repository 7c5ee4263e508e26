import { ApiError, type Details } from '../lib/api-error';
import type { Conversation } from './conversation';
import type { Webhook } from './webhook';

/** What an operation has done so far, by SID. What it created or updated counts until it is deleted again. */
export interface Progress {
  created?: string | undefined;
  updated?: string | undefined;
  readonly detached: string[];
}

/**
 * Runs an operation that changes webhooks one by one.
 * @throws ApiError that of the operation, with its progress in `details`
 */
export async function withProgress<T>(operation: (progress: Progress) => Promise<T>): Promise<T> {
  const progress: Progress = { detached: [] };
  try {
    return await operation(progress);
  } catch (error) {
    throw error instanceof ApiError ? error.withDetails(toDetails(progress)) : error;
  }
}

/** Deletes one after the other. Already gone is a success. */
export async function removeAll(
  conversation: Conversation,
  webhooks: readonly Webhook[],
  progress: Progress,
): Promise<void> {
  for (const { sid } of webhooks) {
    if (await conversation.remove(sid)) progress.detached.push(sid);
    forget(progress, sid);
  }
}

/** For a webhook that is gone, whoever deleted it. */
export function forget(progress: Progress, sid: string): void {
  if (progress.created === sid) progress.created = undefined;
  if (progress.updated === sid) progress.updated = undefined;
}

function toDetails({ created, updated, detached }: Progress): Details {
  return {
    ...(created !== undefined && { created }),
    ...(updated !== undefined && { updated }),
    ...(detached.length > 0 && { detached }),
  };
}
