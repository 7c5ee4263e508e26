// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable
import { hasMalformedPlaceholder, hasPlaceholder, substitute, variables } from '../../src/policy/variables';

/** As the build writes it. */
const policy = {
  webhooks: {
    a: {
      target: '${NOT_HERE}',
      url: '${HOST}/a?key=${KEY}',
      filters: ['${EVENT}'],
    },
    b: { target: 'studio', flowSid: '${FLOW}', url: 5 },
  },
  profiles: { a: ['${NOT_HERE}'] },
  rules: [
    {
      name: '${NOT_HERE}',
      on: '${NOT_HERE}',
      when: [
        {
          matches: { in: ['${FIELD}'] },
          Body: { matches: '${NOT_HERE}', words: ['${WORD}'], in: ['1', '${HOST}'] },
        },
      ],
      profile: '${NOT_HERE}',
    },
    {
      when: [
        { matches: { not: { in: ['${NEGATED}'] } }, Body: { not: { matches: '${NOT_HERE}' } } },
        { Author: { not: { in: ['${LISTED}'] } } },
      ],
    },
  ],
  formerDomains: ['${OLD}'],
};

test('finds variables where they are allowed, without duplicates', () => {
  expect(variables(policy)).toEqual([
    'HOST',
    'KEY',
    'EVENT',
    'FLOW',
    'FIELD',
    'WORD',
    'NEGATED',
    'LISTED',
    'OLD',
  ]);
  for (const nothing of [null, 5, [], '${A}', { rules: [null, 'x'] }]) expect(variables(nothing)).toEqual([]);
});

test('substitutes what is set, only where allowed, and reports what is not', () => {
  const env = {
    HOST: 'https://crm.example',
    KEY: '$& ${FLOW}',
    FLOW: 'FW1',
    WORD: 'x',
    FIELD: '',
    EVENT: 7,
    NOT_HERE: 'y',
    NEGATED: 'n',
    LISTED: 'l',
  };
  const { filled, missing } = substitute(policy, env);
  expect(missing).toEqual(['EVENT', 'FIELD', 'OLD']);
  expect(filled).toMatchObject({
    webhooks: {
      a: { target: '${NOT_HERE}', url: 'https://crm.example/a?key=$& ${FLOW}' },
      b: { flowSid: 'FW1', url: 5 },
    },
    rules: [
      { when: [{ Body: { matches: '${NOT_HERE}', words: ['x'], in: ['1', 'https://crm.example'] } }] },
      {
        when: [
          { matches: { not: { in: ['n'] } }, Body: { not: { matches: '${NOT_HERE}' } } },
          { Author: { not: { in: ['l'] } } },
        ],
      },
    ],
  });
});

test('does not take inherited names for variables', () => {
  const { missing } = substitute({ formerDomains: ['${constructor}', '${__proto__}', '${toString}'] }, {});
  expect(missing).toEqual(['constructor', '__proto__', 'toString']);
});

test.each(['${', '${}', '${1}', '${A', '${A B}', '${A}${', '${${A}}', 'x${-}'])(
  'reports the malformed variable in %j',
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
])('accepts %j; it has a variable: %s', (text, open) => {
  expect(hasMalformedPlaceholder(text)).toBe(false);
  expect(hasPlaceholder(text)).toBe(open);
});
