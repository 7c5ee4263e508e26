import { Script } from 'node:vm';

/** Characters of a pattern, and of the text that it is tried on: what a customer writes must not keep a Function busy. */
const MAX_PATTERN_LENGTH = 256;
const MAX_TEXT_LENGTH = 4096;
/** Milliseconds for one try: patternFault finds the patterns that repeat what they repeat, not (a|a)+ nor a*a*a*. */
const MAX_TIME = 100;
/** Tries that came to nothing because this process was not running. */
const MAX_TRIES = 20;

const TRY = new Script('pattern.test(text)');

/** What is wrong with a regular expression, if anything. */
export function patternIssue(source: string): string | undefined {
  if ([...source].length > MAX_PATTERN_LENGTH)
    return `has ${[...source].length} characters; ${MAX_PATTERN_LENGTH} are allowed`;
  try {
    new RegExp(source, 'iu');
  } catch (error) {
    // "Invalid regular expression: /(/iu: Unterminated group"
    return `is no regular expression: ${String(error).split(': ').at(-1)}`;
  }
  return hasNestedQuantifier(source)
    ? 'repeats what repeats itself, as (a+)+ does, which can take forever; say it with one of the two'
    : undefined;
}

/** Tries a regular expression anywhere in a text, letter case aside. What is not found in time is not there. */
export function matcher(source: string): (text: string) => boolean {
  const pattern = new RegExp(source, 'iu');
  return (text) => {
    const globals = { pattern, text: text.slice(0, MAX_TEXT_LENGTH) };
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      const before = process.cpuUsage();
      try {
        return TRY.runInNewContext(globals, { timeout: MAX_TIME });
      } catch {
        // The limit is on the clock on the wall, and a small Function has a part of a processor: was it tried at all?
        const { user, system } = process.cpuUsage(before);
        if (user + system > (MAX_TIME * 1000) / 4) return false;
      }
    }
    return false;
  };
}

/** Finds whole words, or phrases, in any script that has spaces; letter case aside, and however long the spaces are. */
export function wordFinder(words: readonly string[]): (text: string) => boolean {
  const pattern = new RegExp(words.map(phrase).join('|'), 'iu');
  return (text) => pattern.test(normalize(text));
}

// Where a word begins or ends with something else than a letter (c++, an emoji), there is no word to be in the middle of.
function phrase(text: string): string {
  const parts = normalize(text).trim().split(/\s+/);
  const start = /^[\p{L}\p{M}\p{N}]/u.test(parts[0]!) ? '(?<![\\p{L}\\p{M}\\p{N}])' : '';
  const end = /[\p{L}\p{M}\p{N}]$/u.test(parts.at(-1)!) ? '(?![\\p{L}\\p{M}\\p{N}])' : '';
  return start + parts.map(escapeRegExp).join('\\s+') + end;
}

// Phones write don’t where a policy says don't, and é as one character or as two.
function normalize(text: string): string {
  return text.normalize('NFC').replace(/[\u2018\u2019\u02bc]/g, "'");
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

const REPEAT = '(?:[*+]|\\{\\d+,\\}|\\{(?:\\d+,)?\\d{2,}\\})';
const VARIES = /[*+]|\{\d+,\d*\}/;
const INNERMOST = new RegExp(`\\((?:\\?(?:[:=!]|<[=!]|<[^>]*>))?([^()]*)\\)(${REPEAT})?`);

// Works from the inside out; what is left of a group is whether it varies in length.
function hasNestedQuantifier(source: string): boolean {
  let rest = source.replace(/\\[pPu]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x');
  for (let group = INNERMOST.exec(rest); group; group = INNERMOST.exec(rest)) {
    const varies = VARIES.test(group[1]!);
    if (varies && group[2]) return true;
    rest = rest.replace(INNERMOST, varies || group[2] ? 'x+' : 'x');
  }
  return false;
}
