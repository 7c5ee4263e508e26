import { assertFewChanges } from '../../../cli/fleet/valve';

test.each([
  [0, 0],
  [3, 10],
  [300, 1_000],
])('lets %i of %i managed conversations change', (changed, managed) => {
  expect(() => assertFewChanges(changed, managed)).not.toThrow();
});

test.each([
  [4, 10, '4 of 10 managed conversations would change, more than 30 %; '],
  [1, 1, '1 of 1 managed conversation would change'],
  [20_000, 20_001, '20,000 of 20,001 managed'],
])('stops at %i of %i', (changed, managed, message) => {
  expect(() => assertFewChanges(changed, managed)).toThrow(message);
});
