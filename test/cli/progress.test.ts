import { Progress } from '../../cli/progress';

const shown: string[] = [];
let now = 0;
beforeEach(() => {
  shown.splice(0);
  now = 5_000;
});
const create = (details?: () => string[]) =>
  new Progress({ status: (line) => void shown.push(line) }, details, () => now);

function work(progress: Progress, items: number, ms: number) {
  for (let i = 0; i < items; i++) {
    now += ms;
    progress.step();
  }
}

test('shows nothing of what takes less than a second', () => {
  const progress = create();
  progress.begin('read');
  work(progress, 9, 100);
  progress.end();
  expect(shown).toEqual(['']);
});

test('shows the rate, five times a second', () => {
  const progress = create(() => ['4 at a time']);
  progress.begin('read');
  work(progress, 16_000, 0.125);
  expect(shown).toHaveLength(6);
  expect(shown.at(-1)).toBe('read 16,000, 8,000/s, 4 at a time');
});

test.each([
  [10_000, 4, '░░░░░░░░░░░░░░░░░░░░ synced 4 of 10,000, 2.0/s, 84 min left'],
  [100, 50, '██████████░░░░░░░░░░ synced 50 of 100, 2.0/s, 25 s left'],
  [100_000, 4, '░░░░░░░░░░░░░░░░░░░░ synced 4 of 100,000, 2.0/s, 13.9 h left'],
  [8, 8, '████████████████████ synced 8 of 8, 2.0/s, 0 s left'],
  // More than was known.
  [4, 8, '████████████████████ synced 8 of 4, 2.0/s, 0 s left'],
])('shows how much of %d is done after %d, and how long the rest will take', (total, done, line) => {
  const progress = create();
  progress.begin('synced', total);
  work(progress, done, 500);
  expect(shown.at(-1)).toBe(line);
});

test('begins anew with each part of the work', () => {
  const progress = create();
  progress.begin('read');
  work(progress, 10, 500);
  progress.begin('synced', 10);
  work(progress, 2, 500);
  expect(shown.at(-1)).toBe('████░░░░░░░░░░░░░░░░ synced 2 of 10, 2.0/s, 4 s left');
});

test('shows nothing without a terminal', () => {
  const progress = new Progress({}, undefined, () => now);
  progress.begin('read');
  expect(() => work(progress, 3, 1_000)).not.toThrow();
  progress.end();
});
