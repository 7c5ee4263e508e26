import { parseReplayAfter, replayFrom } from '../../src/webhooks/replay-after';

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

test('says what to send instead', () => {
  expect(() => parseReplayAfter('first')).toThrow(
    'ReplayAfter "first" is not a message index (0, 1, …), start, latest or next',
  );
});

test.each([
  ['start', 7, 0],
  ['latest', 7, 7],
  ['next', 7, 8],
  ['start', undefined, 0],
  ['latest', undefined, 0],
  ['next', undefined, 0],
  [3, 7, 3],
  [undefined, 7, undefined],
] as const)('replays %s, with the newest message %s, from %s', (replayAfter, newest, index) => {
  expect(replayFrom(replayAfter, newest)).toBe(index);
});
