/** Characters of a text that words are looked for in: a customer's message must not block a Function. */
const MAX_TEXT_LENGTH = 4096;

const LETTER = '[\\p{L}\\p{M}\\p{N}]';
const ACCENTS = '[\\u0300-\\u036f]*';
/** Between digits they make one number: 1.5, 12:30, 24/7. */
const SEPARATOR = "[.,:/'\\u2044-]";
const NUMBER_BEFORE = `\\p{N}${SEPARATOR}`;
const NUMBER_AFTER = `${SEPARATOR}\\p{N}`;
/** Where a text is cut, from the last character on: a word goes on. */
const GOES_ON = /* @__PURE__ */ new RegExp(`^(?:.${LETTER}|\\p{N}${NUMBER_AFTER})`, 'su');
const LAST_WORD = /* @__PURE__ */ new RegExp(`(?:${LETTER}|(?<=\\p{N})${SEPARATOR})+$`, 'u');

/**
 * Finds whole words or phrases in any script with spaces, as people type them: letter case, the number of spaces, and the
 * compatibility forms of Unicode do not count, nor do accents in a word that has none itself.
 */
export function wordFinder(words: readonly string[]): (text: string) => boolean {
  const pattern = new RegExp(words.map(phrase).join('|'), 'u');
  return (text) => pattern.test(foldText(text));
}

/**
 * A text as words are compared: compatibility forms, emoji presentation, apostrophes and letter case aside, accents
 * decomposed. The dotted and the dotless i of Turkish are one letter, whatever the language.
 */
export function fold(text: string): string {
  return text
    .replace(/\u00b4/g, "'")
    .replace(/\p{VS}|\u20e3/gu, '')
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/ς/g, 'σ')
    .replace(/i\u0307/g, 'i');
}

// Most rules look at the same field of the same event.
let last = { text: '', folded: '' };

function foldText(text: string): string {
  if (text !== last.text) last = { text, folded: fold(wholeWords(text)) };
  return last.folded;
}

function phrase(text: string): string {
  const folded = fold(text).trim();
  const body = folded.split(/\s+/).map(flexible).join('\\s+');
  return start(folded) + body + end(folded, body);
}

// Next to a symbol (c++, an emoji) there is no word boundary to check.
function start(word: string): string {
  if (!new RegExp(`^${LETTER}`, 'u').test(word)) return '';
  return `(?<!${LETTER})${/^\p{N}/u.test(word) ? `(?<!${NUMBER_BEFORE})` : ''}`;
}

// "1." and "1)" choose from a menu if they are the whole message; "1. May" and "1) my order" do not.
function end(word: string, body: string): string {
  if (new RegExp(`${NUMBER_BEFORE}$`, 'u').test(word)) return '(?!\\p{N})';
  if (!new RegExp(`${LETTER}$`, 'u').test(word)) return '(?!\\p{M})';
  if (!/\p{N}$/u.test(word)) return `(?!${LETTER})`;
  const boundary = `(?!${LETTER}|${NUMBER_AFTER})`;
  if (/[^\p{N}]/u.test(word)) return boundary;
  const other = '[^\\p{L}\\p{N}]*';
  return `${boundary}(?:(?![.)])|(?<=^${other}${body})(?=${other}$))`;
}

/** A word as a pattern, which also matches with accents if it has none. */
function flexible(word: string): string {
  const escaped = word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return /[\u0300-\u036f]/.test(word) ? escaped : escaped.replace(/\p{L}/gu, `$&${ACCENTS}`);
}

/** The first characters of a text, without a word that goes on after them. */
function wholeWords(text: string): string {
  const head = text.slice(0, MAX_TEXT_LENGTH);
  if (!GOES_ON.test(text.slice(MAX_TEXT_LENGTH - 1))) return head;
  return head.replace(LAST_WORD, '');
}
