import fc from 'fast-check';
import { parseConversationEvent } from '../../../src/events/parse';
import type { ConversationEvent } from '../../../src/events/types';
import { conditionsHold } from '../../../src/policy/conditions/evaluate';
import { PatternBudget } from '../../../src/policy/conditions/pattern';
import { validateConditions } from '../../../src/policy/schema/conditions';
import { Validator } from '../../../src/policy/schema/validator';

type Scalar = string | number | boolean;
type Condition =
  | Scalar
  | { in?: Scalar[]; atLeast?: number; atMost?: number; exists?: boolean; not?: Condition };

const scalar = fc.constantFrom<Scalar>('a', '', '2', 1, 2.5, 3, true);
const value = fc.oneof(
  scalar,
  fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 3 }),
  fc.constantFrom(undefined, null, { a: 1 }),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc
      .record(
        {
          in: fc.array(scalar, { minLength: 2, maxLength: 5 }),
          atLeast: fc.integer({ min: 0, max: 2 }),
          atMost: fc.integer({ min: 1, max: 3 }),
          exists: fc.boolean(),
          not: tie('condition'),
        },
        { requiredKeys: [] },
      )
      .filter((object) => Object.keys(object).length > 0),
  ),
}));

/** The rules of the documentation, on the value itself rather than on strings. */
function meets(condition: Condition, value: unknown): boolean {
  const items = (Array.isArray(value) ? value : [value]).filter(
    (item) => typeof item !== 'object' && item !== undefined,
  );
  const equals = (item: Scalar, other: Scalar) => String(item) === String(other);
  if (typeof condition !== 'object') return items.some((item) => equals(item, condition));
  const { exists, not, ...onItem } = condition;
  if (exists !== undefined && exists !== (value !== null && value !== undefined)) return false;
  if (not !== undefined && meets(not, value)) return false;
  if (Object.keys(onItem).length === 0) return true;
  for (const item of items) {
    const number = typeof item === 'number' || item === '2' ? Number(item) : undefined;
    if (onItem.in && !onItem.in.some((other) => equals(item, other))) continue;
    if (onItem.atLeast !== undefined && (number === undefined || number < onItem.atLeast)) continue;
    if (onItem.atMost !== undefined && (number === undefined || number > onItem.atMost)) continue;
    return true;
  }
  return false;
}

function holds(when: unknown, attributes: object): Promise<boolean> {
  const validator = new Validator();
  const conditions = validateConditions(when, 'when', validator);
  expect(validator.issues).toEqual([]);
  const fields = { EventType: 'onMessageAdded', ConversationSid: 'CH1', Index: '0' };
  return conditionsHold(
    conditions!,
    {
      event: parseConversationEvent({
        ...fields,
        Attributes: JSON.stringify(attributes),
      }) as ConversationEvent,
      conversation: async () => undefined,
    },
    new PatternBudget(),
  );
}

test('matches a condition as the documentation defines it', async () => {
  const seen = { true: 0, false: 0 };
  await fc.assert(
    fc.asyncProperty(condition, value, async (condition, x) => {
      const expected = meets(condition, x);
      seen[`${expected}`]++;
      expect(await holds({ 'Attributes.x': condition }, { x })).toBe(expected);
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(100);
});

test('requires every field of an object, and one object of an array', async () => {
  const fields = fc.dictionary(fc.constantFrom('x', 'y', 'z'), condition, { minKeys: 1 });
  const attributes = fc.record({ x: value, y: value, z: value });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fields, { minLength: 1, maxLength: 3 }),
      attributes,
      async (alternatives, values) => {
        const when = alternatives.map((object) =>
          Object.fromEntries(Object.entries(object).map(([name, item]) => [`Attributes.${name}`, item])),
        );
        const expected = alternatives.some((object) =>
          Object.entries(object).every(([name, item]) => meets(item, values[name as 'x'])),
        );
        expect(await holds(when, values)).toBe(expected);
        if (when.length === 1) expect(await holds(when[0], values)).toBe(expected);
      },
    ),
    { numRuns: 1000 },
  );
});

test('holds for either a condition or its negation, also of a missing field', async () => {
  await fc.assert(
    fc.asyncProperty(condition, value, async (condition, x) => {
      const forms = [condition, { not: condition }, { not: { not: condition } }];
      const [plain, negated, twice] = await Promise.all(
        forms.map((item) => holds({ 'Attributes.x': item }, { x })),
      );
      expect([negated, twice]).toEqual([!plain, plain]);
    }),
  );
});
