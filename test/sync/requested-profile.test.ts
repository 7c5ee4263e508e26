import { requestedProfile } from '../../src/sync/requested-profile';
import { desired } from '../support/desired-state';

test('repairs if no profile is requested', () => {
  expect(requestedProfile(undefined, undefined, desired)).toEqual({ kind: 'repair' });
});

test('requests a profile, by its name or a former one, with a key of its own each time', () => {
  const first = requestedProfile('agent', 3, desired);
  expect(first).toEqual({
    kind: 'request',
    key: expect.stringMatching(/^[\w-]{5}$/),
    profile: 'agent',
    replayAfter: 3,
  });
  expect(requestedProfile('agent', 3, desired)).not.toEqual(first);
  expect(requestedProfile('robot', undefined, desired)).toMatchObject({ profile: 'bot' });
});

test.each([
  ['agentt', undefined, 'Profile "agentt" is not in the policy; did you mean "agent"?'],
  [
    'toString',
    undefined,
    'Profile "toString" is not in the policy; it has bot, agent, both, full, other and closed',
  ],
  [undefined, 0, 'ReplayAfter requires Profile; send both'],
])('rejects the profile %s with ReplayAfter %s', (profile, replayAfter, message) => {
  expect(() => requestedProfile(profile, replayAfter, desired)).toThrow(message);
});
