import { coverage } from '../../../emulator/api/coverage';
import { routes } from '../../../emulator/api/routes';
import { operations } from '../../support/strict-spec';

const named = (support: string[]) =>
  coverage
    .filter((entry) => support.includes(entry.support))
    .map(({ operation }) => operation)
    .sort();

test('lists every operation of Twilio’s specification exactly once', () => {
  expect(coverage.map(({ operation }) => operation).sort()).toEqual(
    operations.map(({ name }) => name).sort(),
  );
});

test('has a route for each supported or partial operation, and for no other', () => {
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
    named(['supported', 'partial']),
  );
});

test('says why an operation is not fully supported', () => {
  for (const { support, why } of coverage) expect(why === undefined).toBe(support === 'supported');
});
