// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable
import {
  hasMalformedPlaceholder,
  hasPlaceholder,
  substitute,
  variables,
} from '../../../src/policy/schema/variables';

const policy = {
  $schema: '${NOT_HERE}',
  webhooks: {
    a: { target: '${NOT_HERE}', url: '${HOST}/a?key=${KEY}', filters: ['${EVENT}'] },
    b: { target: 'studio', flowSid: '${FLOW}', url: 5 },
  },
  profiles: { a: ['${NOT_HERE}'] },
  rules: [
    {
      on: '${NOT_HERE}',
      when: { matches: '${FIELD}', Body: { matches: '${NOT_HERE}', words: ['${WORD}'], in: [1, '${HOST}'] } },
      profile: '${NOT_HERE}',
    },
  ],
  formerDomains: ['${OLD}'],
};

test('variables are found where they may stand, each once', () => {
  expect(variables(policy)).toEqual(['HOST', 'KEY', 'EVENT', 'FLOW', 'FIELD', 'WORD', 'OLD']);
  for (const nothing of [null, 5, [], '${A}', { rules: [null, 'x'] }]) expect(variables(nothing)).toEqual([]);
});

test('what is set is put in, and nowhere else; what is not is named', () => {
  const env = {
    HOST: 'https://crm.example',
    KEY: '$& ${FLOW}',
    FLOW: 'FW1',
    WORD: 'x',
    FIELD: '',
    EVENT: 7,
    NOT_HERE: 'y',
  };
  const { filled, missing } = substitute(policy, env);
  expect(missing).toEqual(['EVENT', 'FIELD', 'OLD']);
  expect(filled).toMatchObject({
    $schema: '${NOT_HERE}',
    webhooks: {
      a: { target: '${NOT_HERE}', url: 'https://crm.example/a?key=$& ${FLOW}' },
      b: { flowSid: 'FW1', url: 5 },
    },
    rules: [{ when: { Body: { matches: '${NOT_HERE}', words: ['x'], in: [1, 'https://crm.example'] } } }],
  });
});

test('what an object inherits is no variable', () => {
  const { missing } = substitute({ formerDomains: ['${constructor}', '${__proto__}', '${toString}'] }, {});
  expect(missing).toEqual(['constructor', '__proto__', 'toString']);
});

test.each(['${', '${}', '${1}', '${A', '${A B}', '${A}${', '${${A}}', 'x${-}'])(
  '%j has no variable that is one',
  (text) => {
    expect(hasMalformedPlaceholder(text)).toBe(true);
  },
);

test.each([
  ['${A}', true],
  ['a${A_1}b${_b}', true],
  ['$A', false],
  ['{A}', false],
  ['$', false],
  ['', false],
])('%j is well-formed, and open: %s', (text, open) => {
  expect(hasMalformedPlaceholder(text)).toBe(false);
  expect(hasPlaceholder(text)).toBe(open);
});
