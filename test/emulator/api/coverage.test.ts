import { coverage } from '../../../emulator/api/coverage';
import { routes } from '../../../emulator/api/routes';
import { operations } from '../../support/strict-spec';

const named = (support: string[]) =>
  coverage
    .filter((entry) => support.includes(entry.support))
    .map(({ operation }) => operation)
    .sort();

test('every operation of Twilio’s specification is listed, once, and no other', () => {
  expect(coverage.map(({ operation }) => operation).sort()).toEqual(
    operations.map(({ name }) => name).sort(),
  );
});

test('what is called supported or partial has a route, and nothing else has', () => {
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
    named(['supported', 'partial']),
  );
});

test('whatever is not whole says why', () => {
  for (const { support, why } of coverage) expect(why === undefined).toBe(support === 'supported');
});
