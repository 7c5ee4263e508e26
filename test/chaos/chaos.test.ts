import { FAILURES, report } from './report';
import { chaosOfBundle, chaosOfSnippet } from './run';

const settings = { seed: 7, conversations: 24, operations: 240, minutes: 1 };

test('loses and duplicates nothing under faults that make the snippet fail', async () => {
  const ours = await chaosOfBundle(settings);
  const theirs = await chaosOfSnippet(settings);
  console.log(report([ours, theirs]));
  expect(ours).toMatchObject(Object.fromEntries(FAILURES.map((key) => [key, 0])));
  expect(ours.operations).toBe(settings.operations);
  expect(ours.faults).toBeGreaterThan(0);
  expect(ours.retries).toBeGreaterThan(0);
  expect(theirs.duplicates + theirs.lost + theirs.unseen).toBeGreaterThan(0);
}, 180_000);
