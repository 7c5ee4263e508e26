import { type Context, createContext, Script } from 'node:vm';

/** Characters of a text that a pattern is tested on: a customer's message must not block a Function. */
const MAX_TEXT_LENGTH = 4096;
/** CPU milliseconds for all patterns of one event on all texts. */
const BUDGET_MS = 100;
/** Runs that timed out because the process was not running. */
const MAX_TRIES = 20;

const FILTER = 'texts.filter((text) => pattern.test(text.slice(0, length)))';
/** Made for the first pattern: most policies have none. */
let sandbox: { readonly context: Context; readonly script: Script } | undefined;

/** The patterns of an event took too long. */
export class PatternTimeout extends Error {}

/** The time that the patterns of one event may take together: what a customer writes must not block a Function. */
export class PatternBudget {
  private leftMs = BUDGET_MS;

  /** The texts that match. @throws PatternTimeout if the budget is used up */
  filter(pattern: RegExp, texts: readonly string[]): readonly string[] {
    if (texts.length === 0) return texts;
    sandbox ??= { context: createContext({ length: MAX_TEXT_LENGTH }), script: new Script(FILTER) };
    const { context, script } = sandbox;
    Object.assign(context, { pattern, texts });
    // The limit of a run is wall-clock time, and a small Function has a share of a CPU.
    for (let tries = 1; this.leftMs > 1 && tries <= MAX_TRIES; tries++) {
      const before = process.cpuUsage();
      try {
        return script.runInContext(context, { timeout: Math.ceil(this.leftMs) });
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
