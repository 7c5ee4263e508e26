import { Recent } from '../../../emulator/state/recent';

test('keeps the newest items and counts all', () => {
  const recent = new Recent<number>(3);
  for (let n = 1; n <= 10; n += 1) recent.add(n);
  expect(recent.all()).toEqual([8, 9, 10]);
  expect(recent.total).toBe(10);
  recent.clear();
  expect(recent.all()).toEqual([]);
  expect(recent.total).toBe(0);
});

test('numbers items from 1, and goes on after it is cleared', () => {
  const recent = new Recent<string>(2);
  for (const item of ['a', 'b', 'c', 'd', 'e']) recent.add(item);
  expect([0, 1, 4, 5, 6].map((id) => recent.get(id))).toEqual([undefined, undefined, 'd', 'e', undefined]);
  recent.clear();
  expect([recent.nextId, recent.get(5)]).toEqual([6, undefined]);
  recent.add('f');
  expect([5, 6].map((id) => recent.get(id))).toEqual([undefined, 'f']);
});
