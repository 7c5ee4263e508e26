import { DOCUMENTED_FIELDS } from '../events/documented-fields';
import type { EventType } from '../events/event-types';
import type { ConversationEvent } from '../events/types';
import { oneOf } from '../lib/error-text';
import { validateConditions } from './schema/conditions';
import { pathTo } from './schema/issues';
import { PatternBudget } from './schema/pattern';
import { PLACEHOLDER_SITE } from './schema/schema';
import { Validator } from './schema/validator';
import { variables } from './schema/variables';

const STATES = ['active', 'inactive', 'closed'];

/** The values of fields that have few. https://www.twilio.com/docs/conversations/conversations-webhooks */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  State: STATES,
  StateFrom: STATES,
  StateTo: STATES,
  Reason: ['API', 'TIMER', 'EVENT'],
  Status: ['sent', 'delivered', 'read', 'failed', 'undelivered'],
};

/** Conditions that no event of this type can meet, by their paths. `fields` are conditions by field, as validated. */
export function impossibleConditions(on: EventType, fields: object, path: string): string[] {
  const conditions = new Map(
    Object.entries(fields).flatMap(([field, condition]) => {
      const when = { [field]: condition };
      // Its value is known only when it is deployed.
      if (variables({ rules: [{ when }] }).length > 0) return [];
      const predicate = validateConditions(when, path, new Validator(PLACEHOLDER_SITE, true));
      const holds = (value?: string) =>
        predicate!(
          { ...(value !== undefined && { [field]: value }) } as unknown as ConversationEvent,
          new PatternBudget(),
        );
      return [[field, holds] as const];
    }),
  );
  const documented: readonly string[] = DOCUMENTED_FIELDS[on];
  const wrong = [...conditions].flatMap(([field, holds]) => {
    const values = field === 'EventType' ? [on] : VALUES[field];
    if (!values || !documented.includes(field) || values.some((value) => holds(value))) return [];
    return [`${pathTo(path, field)}: never holds: ${field} is ${oneOf(values)}`];
  });
  const needs = (field: string) => conditions.get(field)?.() === false;
  const byTimer = (reason: string) => conditions.get('Reason')?.(reason) === (reason === 'TIMER');
  if (on === 'onConversationStateUpdated' && VALUES.Reason!.every(byTimer))
    for (const field of ['Source', 'ClientIdentity', 'MessagingServiceSid'].filter(needs))
      wrong.push(`${pathTo(path, field)}: never holds: a state change by timer has no ${field}`);
  else if (needs('ClientIdentity') && conditions.get('Source')?.('SDK') === false)
    wrong.push(`${pathTo(path, 'ClientIdentity')}: never holds: only the Source SDK has a ClientIdentity`);
  return wrong;
}
