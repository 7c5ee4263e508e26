import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { withColour } from '../../cli/style';
import { table } from '../../cli/table';

const print = (...args: Parameters<typeof table>) => `\n${table(...args).join('\n')}`;

const rows = [
  ['CH1', 'bot', 'drifted from the policy; create crm'],
  ['CH22', 'agent', 'in order'],
];

test('aligns columns that fit', () => {
  expect(print(rows)).toBe(`
CH1   bot    drifted from the policy; create crm
CH22  agent  in order`);
});

test('counts a wide character as two columns', () => {
  expect(
    print([
      ['顧客', 'one'],
      ['🚑', 'two'],
      ['abcd', 'three'],
    ]),
  ).toBe(`
顧客  one
🚑    two
abcd  three`);
});

test('lets a cell that is too long go on in the next line', () => {
  expect(print(rows, { width: 30, indent: '  ' })).toBe(`
  CH1   bot    drifted from
               the policy;
               create crm
  CH22  agent  in order`);
});

test('lets a URL stick out at the end, and wraps the rest', () => {
  const url = `https://example.com/${'x'.repeat(20)}`;
  expect(
    print(
      [
        ['url', `is ${url}, not another one of yours`],
        ['on', 'one two three four five six'],
      ],
      { width: 28 },
    ),
  ).toBe(`
url  is
     ${url},
     not another one of
     yours
on   one two three four five
     six`);
});

test('takes from the widest column first', () => {
  const wide = [['one two three four', 'a b c d e f g h i j k l m n']];
  expect(print(wide, { width: 38 })).toBe(`
one two three four  a b c d e f g h i
                    j k l m n`);
});

test('takes a width of 80 where it is unknown', () => {
  const lines = table([['key', 'word '.repeat(40).trim()]]);
  expect(lines.length).toBeGreaterThan(1);
  expect(Math.max(...lines.map(({ length }) => length))).toBe(79);
});

test('aligns numbers on the right', () => {
  expect(
    print(
      [
        ['12', 'in order'],
        ['1,234', 'not managed'],
      ],
      { isNumbered: true },
    ),
  ).toBe(`
   12  in order
1,234  not managed`);
});

test('has a header, and prints pairs of name and value where words do not fit below each other', () => {
  const header = ['sid', 'on'];
  const url = `https://crm.example.com/${'a'.repeat(20)}`;
  const two = [
    ['WH1', `onMessageAdded, ${url}`],
    ['WH2', ''],
  ];
  expect(print(two, { header })).toBe(`
sid  on
WH1  onMessageAdded, ${url}
WH2`);
  expect(print(two, { header, width: 40 })).toBe(`
sid  WH1
on   onMessageAdded,
     ${url}

sid  WH2`);
});

test('aligns what is coloured, and colours the header', () => {
  const coloured = [
    [withColour('green', 'ok'), 'a'],
    ['failed', 'b'],
  ];
  const lines = table(coloured, { header: ['state', 'what'], heading: (text) => withColour('bold', text) });
  expect(lines.map(stripVTControlCharacters)).toEqual(['state   what', 'ok      a', 'failed  b']);
  expect(lines[0]).toBe(withColour('bold', 'state   what'));
});

test('never breaks a word nor loses one, and fits where the words do', () => {
  const cell = fc
    .array(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), minLength: 1, maxLength: 12 }), {
      maxLength: 6,
    })
    .map((words) => words.join(' '));
  const columnsOf = (text: string) => [...text].length + (text.match(/😀/gu) ?? []).length;
  const cells = fc
    .integer({ min: 1, max: 4 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 4 }),
    );
  fc.assert(
    fc.property(cells, fc.integer({ min: 20, max: 90 }), (given, width) => {
      const lines = table(given, { width });
      const words = (text: string) => text.split(/\s+/).filter(Boolean).sort();
      expect(words(lines.join(' '))).toEqual(words(given.flat().join(' ')));
      const longest = given[0]!.map((_, column) =>
        Math.max(...given.flatMap((row) => `${row[column]}`.split(' ').map(columnsOf))),
      );
      const least = longest.reduce((sum, each) => sum + each + 2, -2);
      if (least <= width) for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
    }),
  );
});

test('prints nothing of no rows', () => {
  expect(table([])).toEqual([]);
});
