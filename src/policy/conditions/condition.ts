/**
 * The conditions of a rule as the validator returns them: a normalized form of what the policy says, and plain JSON. One of the
 * objects must hold.
 */
export type Conditions = readonly FieldConditions[];

/** Conditions by field, all of which must hold. */
export type FieldConditions = Readonly<Record<string, Condition>>;

/** What a field must meet, all of it. Equality is an `in` with one value. */
export interface Condition extends FieldOperators, ValueOperators {}

/** On the field as a whole. */
interface FieldOperators {
  readonly exists?: boolean;
  readonly not?: Condition;
}

/** On one value of the field: of an array, one item must meet all of them. */
export interface ValueOperators {
  readonly in?: readonly string[];
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly words?: readonly string[];
  /** A regular expression. */
  readonly matches?: string;
}
