import { PatternBudget } from '../../src/policy/conditions/pattern';

/** By pattern and text, whether it matches. */
const known = new Map<string, boolean>();

/** The time for the patterns of one event, of which none is spent on what was found out before. */
export class CachedPatterns extends PatternBudget {
  override filter(pattern: RegExp, texts: readonly string[]): readonly string[] {
    const key = (text: string) => `${pattern} ${text}`;
    const unknown = texts.filter((text) => !known.has(key(text)));
    const matching = super.filter(pattern, unknown);
    for (const text of unknown) known.set(key(text), matching.includes(text));
    return texts.filter((text) => known.get(key(text)));
  }
}
