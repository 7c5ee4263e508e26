import { SCOPED_EVENTS, type ScopedEvent } from '../events/scoped-events';
import type { ConversationEvent } from '../events/types';
import type { Policy } from './policy';
import type { Rule } from './schema/rules';

/** The rules that an event fulfils, in their order, whatever the profile of its conversation is. */
export function matchingRules({ rules }: Policy, event: ConversationEvent): readonly Rule[] {
  return rules.filter(({ on, when }) => on === event.EventType && (when?.(event) ?? true));
}

/**
 * The rule that decides. `profile` is the one in force; undefined where the conversation has no router, which is where
 * rules on onConversationAdded apply, and no others.
 */
export function firstApplicableRule(rules: readonly Rule[], profile: string | undefined): Rule | undefined {
  return rules.find(({ on, from }) =>
    profile === undefined
      ? on === 'onConversationAdded'
      : on !== 'onConversationAdded' && (from?.includes(profile) ?? true),
  );
}

/**
 * The events that the router has to receive: all that rules are about, as far as a scoped webhook has them, and messages in
 * any case, so that the next one can finish what was left half done.
 */
export function routerFilters({ rules }: Policy): readonly ScopedEvent[] {
  return SCOPED_EVENTS.filter((event) => event === 'onMessageAdded' || rules.some(({ on }) => on === event));
}
