const MAX_LENGTH = 256;

/** Says what is wrong with a regular expression, if anything. */
export function patternIssue(source: string): string | undefined {
  if ([...source].length > MAX_LENGTH)
    return `has ${[...source].length} characters; the maximum is ${MAX_LENGTH}`;
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

const REPEAT = '(?:[*+]|\\{\\d+,\\}|\\{(?:\\d+,)?\\d{2,}\\})';
const VARIES = /[*+]|\{\d+,\d*\}/;
const INNERMOST = new RegExp(`\\((?:\\?(?:[:=!]|<[=!]|<[^>]*>))?([^()]*)\\)(${REPEAT})?`);

// Works from the inside out, and reduces each group to whether its length varies.
function hasNestedQuantifier(source: string): boolean {
  let rest = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x');
  for (let group = INNERMOST.exec(rest); group; group = INNERMOST.exec(rest)) {
    const varies = VARIES.test(group[1]!);
    if (varies && group[2]) return true;
    rest = rest.replace(INNERMOST, varies || group[2] ? 'x+' : 'x');
  }
  return false;
}
