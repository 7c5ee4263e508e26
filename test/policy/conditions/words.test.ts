import fc from 'fast-check';
import { fold, wordFinder } from '../../../src/policy/conditions/words';

test.each([
  ['agent', 'I want an AGENT!', true],
  ['agent', 'reagent agents agenty', false],
  ['agent', '_agent_', true],
  ['agent', "the agent's name", true],
  ['agent', 'agent2', false],
  ['real person', 'a real \n\t person, please', true],
  ['real person', 'realperson', false],
  ['человек', 'Мне нужен ЧЕЛОВЕК.', true],
  ['человек', 'человека', false],
  ['müde', 'ich bin MU\u0308DE', true],
  ['mu', 'mu\u0308de', false],
  ['c++', 'I like C++.', true],
  ['c++', 'abc++', false],
  ['a.b', 'a-b', false],
  ["don't get", 'I don\u2019t get it', true],
  ['🆘', 'help🆘now', true],
  ['🆘', '🆗', false],
])('looks for the word %j in %j: %s', (word, text, found) => {
  expect(wordFinder([word])(text)).toBe(found);
});

test.each([
  ['c++', 'c++11 and later', true],
  ['c++', 'c++', true],
  ['c++', 'obc++', false],
  ['c', 'c++', true],
  ['.net', 'asp.net', true],
  ['.net', 'ASP.NET core', true],
  ['.net', 'asp.network', false],
  ['net', 'asp.net', true],
  ['#1', 'agent#1', true],
  ['#1', 'agent#12', false],
  ['(agent)', 'an(agent)s', true],
  ['$5', 'us$5', true],
  ['$5', 'us$50', false],
  ['\u00bfagente?', 'x\u00bfagente?y', true],
  ['c++ help', 'c++  helper', false],
  ['get .net', 'forget .net', false],
  ['e\u0301', 'e\u0301', true],
  [' agent ', 'agent', true],
  ['real  person', 'a real person', true],
])('finds the word %j in %j: %s', (word, text, found) => {
  expect(wordFinder([word])(text)).toBe(found);
});

test('matches one of several words', () => {
  const find = wordFinder(['agent', 'human being']);
  expect(find('a human being')).toBe(true);
  expect(find('an agent')).toBe(true);
  expect(find('a human')).toBe(false);
});

test('finds any word on its own, but not inside a longer one', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => text.trim() !== '');
  const letters = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(fc.property(word, (text) => wordFinder([text])(`( ${text} )`)));
  fc.assert(fc.property(letters, letters, (a, b) => !wordFinder([a])(a + b)));
});

test.each([
  ['1', '1\ufe0f\u20e3', true],
  ['1', '\uff11', true],
  ['1', '\u2460', true],
  ['1\ufe0f\u20e3', '1', true],
  ['\u2764', '\u2764\ufe0f', true],
  ['\u2764\ufe0f', 'I \u2764 it', true],
  ['agent', '\uff21\uff47\uff45\uff4e\uff54', true],
  ['fine', '\ufb01ne', true],
  ['temsilci', 'TEMS\u0130LC\u0130', true],
  ['TEMS\u0130LC\u0130', 'temsilci', true],
  ['\u0131\u015f\u0131k', 'I\u015eIK', true],
  ['I\u015eIK', 'i\u015f\u0131k', true],
  ['istanbul', '\u0130stanbul'.toLowerCase(), true],
  ['stra\u00dfe', 'STRASSE', true],
  ['strasse', 'STRA\u1e9eE', true],
  ['STRA\u1e9eE', 'stra\u00dfe', true],
  ['\u03bf\u03b4\u03bf\u03c2', '\u039f\u0394\u039f\u03a3', true],
  [
    '\u10d2\u10d0\u10db\u10d0\u10e0\u10ef\u10dd\u10d1\u10d0',
    '\u1c92\u1c90\u1c9b\u1c90\u1ca0\u1caf\u1c9d\u1c91\u1c90',
    true,
  ],
  ["don't", 'DON\u00b4T', true],
  ["don't", 'don\u2018t', true],
  ['don\u2019t', "don't", true],
  ['real person', 'real\u00a0person', true],
])('ignores how %j is written in %j: %s', (word, text, found) => {
  expect(wordFinder([word])(text)).toBe(found);
});

test.each([
  ['telefono', 'mi tel\u00e9fono', true],
  ['tel\u00e9fono', 'mi telefono', false],
  ['tel\u00e9fono', 'mi TELE\u0301FONO', true],
  ['tel\u00e9fono', 'tel\u00e9fon\u00f3', false],
  ['se\u00f1or garcia', 'Se\u00f1or Garc\u00eda', true],
  ['se\u00f1or garcia', 'Senor Garcia', false],
  ['cafe', 'caf\u00e9s', false],
  ['e', '\u00e9a', false],
  ['=', 'a \u2260 b', false],
  ['\u0915', '\u0915\u093f', false],
  ['\u304b', '\u304c', false],
])('looks for the accents of %j in %j: %s', (word, text, found) => {
  expect(wordFinder([word])(text)).toBe(found);
});

test.each([
  ['1', '12', false],
  ['2', '12', false],
  ['1', '1.5', false],
  ['5', '1.5', false],
  ['1', '12:30', false],
  ['12', '12:30', false],
  ['30', '12:30', false],
  ['7', '24/7', false],
  ['1', '\u00bd', false],
  ['1', "1'000", false],
  ['1', '1-2', false],
  ['1', '1st', false],
  ['1', '1.', true],
  ['1', '1)', true],
  ['1', ' (1) ', true],
  ['1', '1.)\n', true],
  ['1', '1\ufe0f\u20e3.', true],
  ['1', '1. Mai', false],
  ['1', 'am 1.', false],
  ['1', '1) my order', false],
  ['1', '2) or 1)', false],
  ['1', '1, please', true],
  ['1', 'I want 1!', true],
  ['1', '-1', true],
  ['12', '12.', true],
  ['1.', '1.5', false],
  ['1.', '1. Mai', true],
  ['1.5', '1.5', true],
  ['1.5', '1.55', false],
  ['1.5', '1.5.5', false],
  ['covid19', 'I have covid19. Help', true],
  ['covid19', 'covid19:5', false],
  ['covid19', '5:covid19', true],
  ['1st', '1st.5', true],
  ['option 1', 'I take option 1.', true],
  ['option 1', 'option 1.5', false],
])('looks for the number %j in %j: %s', (word, text, found) => {
  expect(wordFinder([word])(text)).toBe(found);
});

// The Unicode Collation Algorithm compares in its own way. It knows й, ø and the two i of Turkish as letters of their own.
const LETTERS =
  'aA\u00e1\u00c1\u00e4\uff41eE\u00e9\u00ca\u1ebfnN\u00f1oO\u00f4\u00df\u1e9esS\u03c3\u03c2\u03a3\u03cc\u039f\u0430\u0410\u0435\u0415\u0451\u0401';

test('finds a word that the Unicode Collation Algorithm takes for the same', () => {
  const letters = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 3 });
  const variant = (word: string) =>
    fc.constantFrom(
      word,
      word.toUpperCase(),
      word.toLowerCase(),
      word.normalize('NFD'),
      word.normalize('NFD').replace(/\p{M}/gu, ''),
      word.replace(/[\u00df\u1e9e]/g, 'ss'),
      word.replace(/e/g, '\u00e9'),
    );
  const pair = fc.oneof(
    letters.chain((word) => fc.tuple(fc.constant(word), variant(word))),
    fc.tuple(letters, letters),
  );
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(pair, ([word, text]) => {
      const accented = /\p{M}/u.test(word.normalize('NFD'));
      const { compare } = new Intl.Collator('en', { sensitivity: accented ? 'accent' : 'base' });
      // It tells ß from ss as it tells accents.
      const withoutSharpS = (letters: string) => letters.replace(/[\u00df\u1e9e]/g, 'ss');
      const expected = compare(withoutSharpS(word), withoutSharpS(text)) === 0;
      seen[`${expected}`]++;
      expect(wordFinder([word])(text)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(200);
});

test('folds to the same text again, and in either letter case', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom(...LETTERS, 'i', '\u0131', '\u0130'),
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 8 }), (text) => {
      expect(fold(fold(text))).toBe(fold(text));
      expect(fold(text.toUpperCase())).toBe(fold(text));
    }),
    { numRuns: 2000 },
  );
});

test('finds a number only where it stands for itself', () => {
  const itself = fc.constantFrom('1', '1!', '1,', '\uff11', '1\ufe0f\u20e3', '"1"', '\u27281');
  const listed = fc.constantFrom('1.', '1)', '(1)');
  const others = fc.constantFrom(
    '12',
    '21',
    '1.5',
    '5.1',
    '12:30',
    '3:1',
    '1st',
    'a1',
    '1a',
    '2',
    'one',
    '1/2',
    '1\u00e9',
  );
  const marks = fc.constantFrom('!', '-', '\u2728');
  const token = fc.oneof(
    itself.map((text) => ({ text, is: 'itself' })),
    listed.map((text) => ({ text, is: 'listed' })),
    others.map((text) => ({ text, is: 'other' })),
    marks.map((text) => ({ text, is: 'mark' })),
  );
  fc.assert(
    fc.property(fc.array(token, { minLength: 1, maxLength: 4 }), (tokens) => {
      const written = tokens.filter(({ is }) => is !== 'mark');
      const expected =
        written.some(({ is }) => is === 'itself') || (written.length === 1 && written[0]!.is === 'listed');
      expect(wordFinder(['1'])(tokens.map(({ text }) => text).join(' '))).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

test('looks at the first 4,096 characters, and for whole words', () => {
  const find = wordFinder(['agent', '1']);
  fc.assert(
    fc.property(
      fc.integer({ min: -3, max: 8 }),
      fc.constantFrom('agent', '1'),
      fc.constantFrom(' ', '! ', 's ', '0 ', '.5 ', '\u093f ', ''),
      (beyond, word, after) => {
        const text = `${' '.repeat(4096 + beyond - word.length)}${word}${after}`;
        const goesOn = (after === '.5 ' && word === '1') || /^[\p{L}\p{M}\p{N}]/u.test(after);
        expect(find(`${text}${' x'.repeat(9)}`)).toBe(beyond <= 0 && !goesOn);
      },
    ),
    { numRuns: 500 },
  );
});

test('keeps its time on texts that fold to many characters', () => {
  const find = wordFinder(['1', 'agent a', 'a']);
  for (const text of ['a', '1. ', '1.', 'e\u0301', '\ufdfa', "' ", '1 '].map((part) => part.repeat(4096)))
    expect(typeof find(text)).toBe('boolean');
});
