import { policyHash } from '../../src/policy/hash';
import { loadPolicy, policyState } from '../../src/policy/load';
import { buildPolicy, parseSource } from '../support/policy';
import { DEMO_POLICY } from '../support/programs';

const env = { BOT_FLOW_SID: `FW${'a'.repeat(32)}`, CRM_URL: 'https://crm.example/in' };
const site = { domainName: 'bots-1234.twil.io', local: false };
const built = buildPolicy(DEMO_POLICY);

/** Makes the asset what the functions find. */
function deploy(open?: () => string): void {
  const assets = { '/other.json': { open: () => '{}' }, ...(open && { '/policy.json': { open } }) };
  Object.assign(globalThis, { Runtime: { getAssets: () => assets } });
}

afterAll(() => void Reflect.deleteProperty(globalThis, 'Runtime'));

test('reports a missing asset, then loads the policy that is deployed, once', () => {
  deploy();
  expect(() => loadPolicy(env, site)).toThrow(
    expect.objectContaining({
      code: 20001,
      message: 'policy.private.json is missing; deploy it as an asset',
    }),
  );
  deploy(() => built);
  const policy = loadPolicy(env, site);
  expect(policy).toEqual(parseSource(DEMO_POLICY, env, site));
  deploy();
  expect(loadPolicy({}, site)).toBe(policy);
});

test('reports the hash of a policy that can be used', () => {
  deploy(() => built);
  const policy_hash = policyHash(parseSource(DEMO_POLICY, env, site), site.domainName);
  expect(policyState(env, site)).toEqual({ policy: 'ok', missing: [], policy_hash });
});

test.each<[what: string, open: (() => string) | undefined, values: object, state: object]>([
  ['without a variable', () => built, { CRM_URL: '' }, { policy: 'ok', missing: ['CRM_URL'] }],
  ['with an invalid value', () => built, { CRM_URL: 'ftp://x' }, { policy: 'invalid', missing: [] }],
  ['that was not built', () => DEMO_POLICY, {}, { policy: 'invalid', missing: [] }],
  ['that is not there', undefined, {}, { policy: 'invalid', missing: [] }],
])('reports the state of a policy %s', (_, open, values, state) => {
  deploy(open);
  expect(policyState({ ...env, ...values }, site)).toEqual(state);
});

test.each([
  ['https://crm.example', 'ok'],
  ['crm.example', 'ok'],
  ['other.example', 'disallowed'],
])('with the allowlist %s, reports a valid policy as %s', (allowlist, policy) => {
  deploy(() => built);
  expect(policyState(env, { ...site, allowlist })).toMatchObject({ policy, missing: [] });
  expect(policyState({ ...env, CRM_URL: 'ftp://x' }, { ...site, allowlist }).policy).toBe('invalid');
});

test('does not take an error of the runtime for an invalid policy', () => {
  const error = new Error('EMFILE');
  deploy(() => {
    throw error;
  });
  expect(() => policyState(env, site)).toThrow(error);
});
