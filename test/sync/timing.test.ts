import { timingUntil } from '../../src/sync/timing';

test('has the deadline on the clock that it reads', () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(1_234);
  try {
    const timing = timingUntil(9_000);
    expect(timing.deadline).toBe(9_000);
    expect(timing.now()).toBe(1_234);
  } finally {
    now.mockRestore();
  }
});
