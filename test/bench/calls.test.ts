import { type Counted, countCalls } from '../../bench/parts/calls';

// The API calls of each operation, as docs and README list them, in order.

let counted: Counted[];
beforeAll(async () => {
  counted = await countCalls();
});

test.each([
  ['attach, new', 'list, create, list'],
  ['attach, new, ReplayAfter=latest', 'list, newest message, create, list'],
  ['attach, unchanged', 'list'],
  ['attach, changed', 'list, update'],
  ['detach by SID', 'delete'],
  ['detach by match', 'list, delete'],
  ['sync, into a profile (k = 2)', 'newest message, list, create, create, create, list'],
  ['sync, nothing to do', 'list'],
  ['event that no rule matches', ''],
  ['event, hand-off (k = 2)', 'list, update, create, delete, list'],
  ['event, candidate that is not in force', 'list'],
  ['event, closing (k = 2)', 'list, update, delete, delete, list'],
])('makes the calls of "%s": %s', (operation, calls) => {
  expect(counted.find((one) => one.operation === operation)?.calls.join(', ')).toBe(calls);
});

test('meets its aim for each operation, with a reason for each call above the minimum', () => {
  expect(counted).toHaveLength(12);
  for (const { calls, aim, fewest, why } of counted) {
    expect(calls).toHaveLength(aim);
    expect(calls.length).toBeGreaterThanOrEqual(fewest);
    expect(why).toHaveLength(calls.length - fewest);
  }
});
