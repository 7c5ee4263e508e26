import { DOCUMENTED_FIELDS } from '../events/documented-fields';
import type { EventType } from '../events/event-types';
import { oneOf } from '../lib/error-text';
import type { Condition, FieldConditions } from './conditions/condition';
import { conversationField } from './conditions/conversation-fields';
import { holds } from './conditions/evaluate';
import { PatternBudget } from './conditions/pattern';
import { pathTo } from './issues';
import { variables } from './variables';

/** The states of a conversation. */
export const STATES = ['active', 'inactive', 'closed'] as const;

/** The values of fields that have few. https://www.twilio.com/docs/conversations/conversations-webhooks */
export const FEW_VALUES: Readonly<Record<string, readonly string[]>> = {
  State: STATES,
  'Conversation.State': STATES,
  StateFrom: STATES,
  StateTo: STATES,
  Reason: ['API', 'TIMER', 'EVENT'],
  Status: ['sent', 'delivered', 'read', 'failed', 'undelivered'],
};

/** Conditions that no event of this type can meet, by their paths. */
export function impossibleConditions(on: EventType, fields: FieldConditions, path: string): string[] {
  // The value of a variable is known only when it is deployed.
  const conditions = new Map(
    Object.entries(fields).filter(
      ([field, condition]) => variables({ rules: [{ when: [{ [field]: condition }] }] }).length === 0,
    ),
  );
  const meets = (field: string, value?: string) => {
    const condition = conditions.get(field);
    return condition && isMetBy(condition, value);
  };
  const documented: readonly string[] = DOCUMENTED_FIELDS[on];
  const wrong = [...conditions].flatMap(([field, condition]) => {
    if (isContradictory(condition))
      return [`${pathTo(path, field)}: never holds: what it asks for excludes itself`];
    const values = field === 'EventType' ? [on] : FEW_VALUES[field];
    const isKnown = documented.includes(field) || conversationField(field) !== undefined;
    if (!values || !isKnown || values.some((value) => meets(field, value))) return [];
    return [`${pathTo(path, field)}: never holds: ${field} is ${oneOf(values)}`];
  });
  const needs = (field: string) => meets(field) === false;
  const byTimer = (reason: string) => meets('Reason', reason) === (reason === 'TIMER');
  if (on === 'onConversationStateUpdated' && FEW_VALUES.Reason!.every(byTimer))
    for (const field of ['Source', 'ClientIdentity', 'MessagingServiceSid'].filter(needs))
      wrong.push(`${pathTo(path, field)}: never holds: a state change by timer has no ${field}`);
  else if (needs('ClientIdentity') && meets('Source', 'SDK') === false)
    wrong.push(`${pathTo(path, 'ClientIdentity')}: never holds: only the Source SDK has a ClientIdentity`);
  return wrong;
}

// A value that fails alone fails among others, too.
function isContradictory(condition: Condition): boolean {
  const { in: values, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = condition;
  return atLeast > atMost || values?.some((value) => isMetBy(condition, value)) === false;
}

/** Whether a field with this value meets a condition; undefined: whether it does so if it is missing. */
function isMetBy(condition: Condition, value: string | undefined): boolean {
  const field = value === undefined ? { exists: false, texts: [] } : { exists: true, texts: [value] };
  return holds(condition, field, new PatternBudget());
}
