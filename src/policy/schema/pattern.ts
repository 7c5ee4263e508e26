import { Script } from 'node:vm';

/** Characters of a pattern, and of the text that it is tested on: a customer's message must not block a Function. */
const MAX_PATTERN_LENGTH = 256;
const MAX_TEXT_LENGTH = 4096;
/** Milliseconds for one test: patternIssue finds nested quantifiers, but not (a|a)+ or a*a*a*. */
const MAX_TIME = 100;
/** Tests that timed out because the process was not running. */
const MAX_TRIES = 20;

const TRY = new Script('pattern.test(text)');

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

/** Tests a case-insensitive regular expression anywhere in a text. A test that times out does not match. */
export function matcher(source: string): (text: string) => boolean {
  const pattern = new RegExp(source, 'iu');
  return (text) => {
    const globals = { pattern, text: text.slice(0, MAX_TEXT_LENGTH) };
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      const before = process.cpuUsage();
      try {
        return TRY.runInNewContext(globals, { timeout: MAX_TIME });
      } catch {
        // The limit is wall-clock time, and a small Function has a share of a CPU: did the test run at all?
        const { user, system } = process.cpuUsage(before);
        if (user + system > (MAX_TIME * 1000) / 4) return false;
      }
    }
    return false;
  };
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
