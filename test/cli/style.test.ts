import { createStyles } from '../../cli/style';

const GREEN = '\u001b[32mok\u001b[39m';

test.each([
  ['a terminal', {}, true, GREEN],
  ['no terminal', {}, false, 'ok'],
  ['a terminal with NO_COLOR', { NO_COLOR: '1' }, true, 'ok'],
  ['a terminal with an empty NO_COLOR', { NO_COLOR: '' }, true, GREEN],
  ['a terminal that knows no colours', { TERM: 'dumb' }, true, 'ok'],
  ['no terminal with FORCE_COLOR', { FORCE_COLOR: '1' }, false, GREEN],
  ['a terminal with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, 'ok'],
  ['NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, 'ok'],
])('prints colours as it should with %s', (_what, env, isTerminal, printed) => {
  const { out, err } = createStyles(env, { isTerminal, status: isTerminal ? () => undefined : undefined });
  expect([out('green', 'ok'), err('green', 'ok')]).toEqual([printed, printed]);
});

test('looks at stdout and stderr each by itself', () => {
  const { out, err } = createStyles({}, { isTerminal: false, status: () => undefined });
  expect([out('green', 'ok'), err('green', 'ok')]).toEqual(['ok', GREEN]);
});
