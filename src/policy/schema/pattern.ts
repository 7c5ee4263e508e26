import { type Context, createContext, Script } from 'node:vm';

/** Characters of a pattern, and of the text that it is tested on: a customer's message must not block a Function. */
const MAX_PATTERN_LENGTH = 256;
const MAX_TEXT_LENGTH = 4096;
/** CPU milliseconds for all patterns of one event on all texts. */
const BUDGET_MS = 100;
/** Runs that timed out because the process was not running. */
const MAX_TRIES = 20;

const FILTER = new Script('texts.filter((text) => pattern.test(text.slice(0, length)))');
let context: Context | undefined;

/** The patterns of an event took too long. */
export class PatternTimeout extends Error {}

/** The time that the patterns of one event may take together: what a customer writes must not block a Function. */
export class PatternBudget {
  private leftMs = BUDGET_MS;

  /** The texts that match. @throws PatternTimeout if the budget is used up */
  filter(pattern: RegExp, texts: readonly string[]): readonly string[] {
    context ??= createContext({ length: MAX_TEXT_LENGTH });
    Object.assign(context, { pattern, texts });
    // The limit of a run is wall-clock time, and a small Function has a share of a CPU.
    for (let tries = 1; this.leftMs > 1 && tries <= MAX_TRIES; tries++) {
      const before = process.cpuUsage();
      try {
        return FILTER.runInContext(context, { timeout: Math.ceil(this.leftMs) });
      } catch {
        // Timed out.
      } finally {
        const { user, system } = process.cpuUsage(before);
        this.leftMs -= (user + system) / 1000;
      }
    }
    this.leftMs = 0;
    throw new PatternTimeout();
  }
}

/** Says what is wrong with a regular expression, if anything. */
export function patternIssue(source: string): string | undefined {
  if ([...source].length > MAX_PATTERN_LENGTH)
    return `has ${[...source].length} characters; the maximum is ${MAX_PATTERN_LENGTH}`;
  try {
    new RegExp(source, 'iu');
  } catch (error) {
    // "Invalid regular expression: /(/iu: Unterminated group"
    return `is not a valid regular expression: ${String(error).split(': ').at(-1)}`;
  }
  return hasNestedQuantifier(source)
    ? 'has nested quantifiers, like (a+)+, which can take forever; use only one of the two'
    : undefined;
}

/** Finds the texts that a case-insensitive regular expression matches anywhere. */
export function matcher(
  source: string,
): (texts: readonly string[], budget: PatternBudget) => readonly string[] {
  const pattern = new RegExp(source, 'iu');
  return (texts, budget) => (texts.length === 0 ? texts : budget.filter(pattern, texts));
}

const REPEAT = '(?:[*+]|\\{\\d+,\\}|\\{(?:\\d+,)?\\d{2,}\\})';
const VARIES = /[*+]|\{\d+,\d*\}/;
const INNERMOST = new RegExp(`\\((?:\\?(?:[:=!]|<[=!]|<[^>]*>))?([^()]*)\\)(${REPEAT})?`);

// Works from the inside out, and reduces each group to whether its length varies.
function hasNestedQuantifier(source: string): boolean {
  let rest = source.replace(/\\[pPu]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x');
  for (let group = INNERMOST.exec(rest); group; group = INNERMOST.exec(rest)) {
    const varies = VARIES.test(group[1]!);
    if (varies && group[2]) return true;
    rest = rest.replace(INNERMOST, varies || group[2] ? 'x+' : 'x');
  }
  return false;
}
