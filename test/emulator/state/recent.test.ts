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
