import { parseReplayAfter } from '../../src/webhooks/replay-after';

test.each([
  ['0', 0],
  ['007', 7],
  [`${2 ** 31 - 1}`, 2 ** 31 - 1],
  ['start', 'start'],
  ['latest', 'latest'],
  ['next', 'next'],
  [undefined, undefined],
])('reads %j as %j', (value, expected) => {
  expect(parseReplayAfter(value)).toBe(expected);
});

test.each([`${2 ** 31}`, '9'.repeat(400), '-1', '1.5', '1e3', ' 1', '1x', 'x1', '', 'Latest', 'latest '])(
  'refuses %j',
  (value) => {
    expect(() => parseReplayAfter(value)).toThrow(expect.objectContaining({ code: 20001, status: 400 }));
  },
);
