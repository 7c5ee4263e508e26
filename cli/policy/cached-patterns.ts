import { PatternBudget, PatternTimeout } from '../../src/policy/conditions/pattern';

/** By pattern and text, whether it matches. */
const known = new Map<string, boolean>();

/** The time for the patterns of one event, of which none is spent on what was found out before. */
export class CachedPatterns extends PatternBudget {
  override filter(pattern: RegExp, texts: readonly string[]): readonly string[] {
    const key = (text: string) => `${pattern} ${text}`;
    const unknown = texts.filter((text) => !known.has(key(text)));
    const matching = this.find(pattern, unknown);
    for (const text of unknown) known.set(key(text), matching.includes(text));
    return texts.filter((text) => known.get(key(text)));
  }

  private find(pattern: RegExp, texts: readonly string[]): readonly string[] {
    try {
      return super.filter(pattern, texts);
    } catch (error) {
      if (!(error instanceof PatternTimeout)) throw error;
      // The process may have been busy with something else: what is predicted must not depend on that.
      return new PatternBudget().filter(pattern, texts);
    }
  }
}
