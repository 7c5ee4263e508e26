import { SCOPED_EVENTS, type ScopedEvent } from '../events/scoped-events';
import type { ConversationEvent } from '../events/types';
import type { Policy } from './policy';
import type { Rule } from './schema/rules';

/** The rules that match an event, in order, whatever the profile of its conversation. */
export function matchingRules({ rules }: Policy, event: ConversationEvent): readonly Rule[] {
  return rules.filter(({ on, when }) => on === event.EventType && (when?.(event) ?? true));
}

/**
 * The rule that decides. `profile` is the current one, undefined if the conversation has no router: then only rules on
 * onConversationAdded apply, and else only the others.
 */
export function firstApplicableRule<R extends Rule>(
  rules: readonly R[],
  profile: string | undefined,
): R | undefined {
  return rules.find(({ on, from }) =>
    profile === undefined
      ? on === 'onConversationAdded'
      : on !== 'onConversationAdded' && (from?.includes(profile) ?? true),
  );
}

/**
 * The events that the router receives: those of the rules, as far as a scoped webhook has them, and always new messages, so
 * that the next one can complete a sync that crashed.
 */
export function routerFilters({ rules }: Policy): readonly ScopedEvent[] {
  return SCOPED_EVENTS.filter((event) => event === 'onMessageAdded' || rules.some(({ on }) => on === event));
}
