import { wrap } from '../../cli/wrap';

const URL = `https://crm.example/${'in'.repeat(20)}`;

test.each([
  ['  → one two three', 11, ['  → one two', '    three']],
  ['1. one two', 6, ['1. one', '   two']],
  ['one  two', 20, ['one two']],
  [`  ✗ ${URL} failed`, 20, [`  ✗ ${URL}`, '    failed']],
])('wraps %j at %i, and keeps a long word beside its mark', (line, width, lines) => {
  expect(wrap(line, width)).toEqual(lines);
});
