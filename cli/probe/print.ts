import type { Plan } from './plan';
import type { Outcome } from './run';

export const HEADER = ['question', 'result', 'value', 'sure'];

/** A row for each question. */
export function toRows(outcomes: readonly Outcome[], { notAsked }: Plan): string[][] {
  return [
    ...outcomes.map(toRow),
    ...notAsked.map(({ name, reason }) => [name, `not asked: ${reason}`, '', '']),
  ];
}

function toRow(outcome: Outcome): string[] {
  const { question } = outcome;
  if (outcome.kind === 'failed') return [question.name, `failed: ${outcome.reason}`, '', ''];
  const { result, value, sure } = outcome.answer;
  return [question.name, result, `${value ?? ''}`, sure];
}

/** What is going to be asked, for programs. */
export function planToJson({ ask, notAsked }: Pick<Plan, 'ask' | 'notAsked'>): object[] {
  return [
    ...ask.map(({ name, option, asks }) => ({ question: name, option, asks })),
    ...notAsked.map(({ name, option, reason }) => ({ question: name, option, not_asked: reason })),
  ];
}

/** What was found, for programs. */
export function toJson(outcomes: readonly Outcome[], { notAsked }: Plan): object[] {
  return [
    ...outcomes.map((outcome) => ({
      question: outcome.question.name,
      option: outcome.question.option,
      ...(outcome.kind === 'failed' ? { failed: outcome.reason } : outcome.answer),
    })),
    ...planToJson({ ask: [], notAsked }),
  ];
}

/** What the emulator takes. */
export function toOptions(outcomes: readonly Outcome[]): Record<string, string | number> {
  return Object.fromEntries(
    outcomes.flatMap((outcome) => {
      if (outcome.kind === 'failed' || outcome.question.option === undefined) return [];
      const { value } = outcome.answer;
      return value === undefined ? [] : [[outcome.question.option, value]];
    }),
  );
}
