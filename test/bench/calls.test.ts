import { type Counted, countCalls } from '../../bench/parts/calls';

// The API calls of each operation, as docs and README list them, in order.

/** On a busy machine a run may find its list too old to write on, and list again: the fewest of several times count. */
const TIMES = 6;

let counted: Counted[];
beforeAll(async () => {
  counted = await countCalls();
  for (let time = 1; time < TIMES && counted.some(({ calls, aim }) => calls.length > aim); time++) {
    const again = await countCalls();
    counted = counted.map((one, i) => (again[i]!.calls.length < one.calls.length ? again[i]! : one));
  }
}, 360_000);

test.each([
  ['attach, new', 'list, create, list'],
  ['attach, new, ReplayAfter=latest', 'list, newest message, create, list'],
  ['attach, unchanged', 'list'],
  ['attach, changed', 'list, update'],
  ['detach by SID', 'list, delete'],
  ['detach by match', 'list, delete'],
  ['event, into a profile (k = 2)', 'list, create, create, create, list'],
  ['sync, into a profile (k = 2)', 'list, newest message, create, create, create, list'],
  ['sync, nothing to do', 'list'],
  ['sync, into the current profile', 'list'],
  ['event that no rule matches', ''],
  ['message, hand-off (k = 2)', 'list, update, create, delete, list, list executions, end execution'],
  ['message, rule that does not apply', 'list'],
  ['other event, hand-off (k = 2)', 'newest message, list, update, delete, delete, list'],
  ['other event, rule that does not apply', 'newest message, list'],
  ['other event, closing (k = 2)', 'newest message, list, update, list, delete, delete, list'],
  ['first event 10 s after a change', 'list'],
  ['the next one', ''],
  ['message after a change of the policy (k = 4)', 'list, update, create, create, delete, delete, list'],
  [
    'sync after a change of the policy (k = 4)',
    'list, newest message, list, update, create, create, delete, delete, list',
  ],
])('makes the calls of "%s": %s', (operation, calls) => {
  expect(counted.find((one) => one.operation === operation)?.calls.join(', ')).toBe(calls);
});

test('meets its aim for each operation, with a reason for each call above the minimum', () => {
  expect(counted).toHaveLength(20);
  for (const { calls, aim, fewest, why } of counted) {
    expect(calls).toHaveLength(aim);
    expect(calls.length).toBeGreaterThanOrEqual(fewest);
    expect(why).toHaveLength(calls.length - fewest);
  }
});
