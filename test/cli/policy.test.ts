// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { policy } from '../../cli/policy/policy';
import { lintPolicy } from '../../src/policy/lint';
import { policyFolder } from '../support/policy-folder';
import { DEMO_POLICY, root } from '../support/programs';

const project = policyFolder();
afterAll(() => project.remove());
beforeEach(() => project.write(DEMO_POLICY));

/** What the program prints, and its exit code. */
async function run(...args: string[]) {
  const printed = { out: [] as string[], err: [] as string[] };
  const code = await policy(
    args,
    {},
    {
      folder: project.folder,
      out: (line) => printed.out.push(line),
      err: (line) => printed.err.push(line),
    },
  );
  return { code, out: printed.out.join('\n'), err: printed.err.join('\n') };
}
const write = (name: string, text: string) => writeFileSync(join(project.folder, name), text);
const cases = (yaml: string) => write('policy.tests.yaml', yaml);

const hook = (name: string) => ({ target: 'webhook', url: `/${name}`, filters: ['onMessageAdded'] });
const desk = {
  webhooks: { bot: hook('bot'), crm: hook('crm'), sos: hook('sos'), vip: hook('vip') },
  profiles: { bot: ['bot'], agent: ['crm', 'sos'], vip: ['vip'], parked: [] },
  rules: [
    { on: 'onConversationAdded', profile: 'bot' },
    {
      name: 'asks-for-human',
      on: 'onMessageAdded',
      from: ['bot'],
      when: { Body: { words: ['human', 'agent'] }, Source: { in: ['SMS', 'whatsapp'] } },
      profile: 'agent',
      replay: 'this',
    },
    {
      name: 'is-vip',
      on: 'onMessageAdded',
      from: ['bot'],
      when: [
        { Author: '${VIP_NUMBER}' },
        { 'Attributes.total': { atLeast: 500 }, 'Attributes.coupon': { exists: false } },
      ],
      profile: 'vip',
    },
    { name: 'back', on: 'onMessageAdded', from: ['agent', 'vip'], when: { Body: 'bot' }, profile: 'bot' },
  ],
};

describe('wrong usage', () => {
  test.each([
    [[], 'command is missing; see npm run policy -- --help'],
    [['chek'], 'unknown command chek; did you mean check?'],
    [['draw'], 'unknown command draw; see npm run policy -- --help'],
    [['--josn'], 'unknown option --josn; see npm run policy -- --help'],
    [['test', '--min-coverag', '1'], 'unknown option --min-coverag; did you mean --min-coverage?'],
    [['test', '--token=pass-42'], 'unknown option --token; see npm run policy -- test --help'],
    [['test', '--min-coverage', '101'], '--min-coverage must be a number from 0 to 100, not "101"'],
    [['test', 'a', 'b'], 'unexpected argument "b"; see npm run policy -- test --help'],
    [['test', 'none.yaml'], 'none.yaml cannot be read; check the path'],
    [['check', '--policy', 'none.json'], 'none.json cannot be read; check the path'],
    [['explain'], 'missing required argument event; see npm run policy -- explain --help'],
    [
      ['explain', 'onMesageAdded'],
      '"onMesageAdded" is not an event that rules can be on; did you mean "onMessageAdded"?',
    ],
    [['explain', 'onMessageAdded', 'Body'], '"Body" is not a field; write Field=Value'],
    [['explain', 'onMessageAdded', 'Body=a', 'Body=b'], 'Body is a duplicate; a field has one value'],
    [['explain', 'onMessageAdded', 'Bdy=a'], '"Bdy" is not a field of onMessageAdded; did you mean "Body"?'],
    [['explain', 'onMessageAdded', 'Index=x'], 'Index "x" is not a message index (0, 1, …)'],
    [
      ['explain', 'onMessageAdded', '--profile', 'agnt'],
      '--profile "agnt" is not a profile; did you mean "agent"?',
    ],
    [['explain', 'onConversationStateUpdated'], 'StateTo is missing; onConversationStateUpdated needs it'],
    [
      ['explain', 'onMessageAdded', 'Attributes.tier=gold'],
      '"Attributes.tier" is a path into Attributes; write Attributes as JSON',
    ],
    [
      ['explain', 'onMessageAdded', 'Conversation.Attributes.tier=gold'],
      '"Conversation.Attributes.tier" is a path into Conversation.Attributes; write Conversation.Attributes as JSON',
    ],
    [
      ['explain', 'onMessageAdded', 'Conversation.Sate=active'],
      '"Conversation.Sate" is not a field of a conversation; did you mean "Conversation.State"?',
    ],
    ...['Attributes', 'Conversation.Attributes'].map((field): [string[], string] => [
      ['explain', 'onMessageAdded', `${field}={tier`, '--profile', 'bot'],
      `${field} "{tier" is not JSON; write it like {"tier": "gold"}`,
    ]),
    [
      ['explain', 'onMessageAdded', 'Media=image.png'],
      'Media "image.png" is not JSON; write it like [{"ContentType": "image/png"}]',
    ],
  ])('%j is rejected with exit code 2', async (args, message) => {
    expect(await run(...args)).toEqual({ code: 2, out: '', err: message });
  });

  test.each([[], ['check'], ['test'], ['explain'], ['diagram'], ['diff']])(
    '%j has help with examples',
    async (...name) => {
      const { code, out, err } = await run(...(name as string[]), '--help');
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/^Usage: npm run policy -- /);
      expect(out).toMatch(/Exit codes:.*Examples:\n {2}npm run (--silent )?policy -- /s);
    },
  );
});

test('the help of explain says which fields are filled in', async () => {
  const { out } = await run('explain', '--help');
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'those that it always sends get plausible values, the rest is absent',
  );
  const { event } = JSON.parse((await run('explain', 'onMessageAdded', 'Body=x', '--json')).out);
  expect(event).toMatchObject({ Index: 0, Body: 'x', Attributes: '{}', DateCreated: expect.any(String) });
  for (const field of ['Author', 'Source', 'ParticipantSid', 'Media'])
    expect(event).not.toHaveProperty(field);
});

describe('check', () => {
  test('reports what the build reports, and warnings apart', async () => {
    expect(await run('check')).toEqual({
      code: 0,
      out: 'src/assets/policy.private.json is valid (without variables)',
      err: '',
    });
    const wrong = { ...desk, rules: [{ on: 'onMessageAdded', profile: 'agnt' }] };
    project.write(JSON.stringify(wrong));
    const { issues } = lintPolicy(wrong);
    expect(issues).toEqual([expect.stringContaining('did you mean "agent"?')]);
    expect(await run('check')).toEqual({
      code: 1,
      out: '',
      err: `src/assets/policy.private.json: ${issues[0]}`,
    });
    const doubtful = { ...desk, rules: [{ on: 'onConversationAdded', profile: 'bot' }] };
    project.write(JSON.stringify(doubtful));
    const { warnings } = lintPolicy(doubtful);
    expect(warnings).not.toEqual([]);
    const { code, err } = await run('check');
    expect([code, err.split('\n')]).toEqual([
      0,
      warnings.map((warning) => `src/assets/policy.private.json: warning: ${warning}`),
    ]);
    const { out } = await run('check', '--json');
    expect(JSON.parse(out)).toEqual({ valid: true, issues: [], warnings });
  });

  test('reports where the JSON ends', async () => {
    project.write('{"webhooks": {');
    expect(await run('check')).toMatchObject({
      code: 1,
      err: expect.stringContaining('unexpected end of JSON'),
    });
    expect(await run('diagram')).toMatchObject({
      code: 1,
      err: expect.stringContaining('unexpected end of JSON'),
    });
  });

  test('checks with the variables of a file', async () => {
    write('vars', 'CRM_URL=http://crm.example\nBOT_FLOW_SID=FW00000000000000000000000000000001\n');
    const { code, err } = await run('check', '--env', 'vars');
    expect([code, err]).toEqual([1, expect.stringContaining('webhooks.crm.url')]);
    write('vars', 'CRM_URL=https://crm.example\nBOT_FLOW_SID=FW00000000000000000000000000000001\n');
    expect(await run('check', '--env', 'vars')).toMatchObject({
      code: 0,
      out: expect.stringContaining('vars'),
    });
    write('vars', 'CRM_URL=https://crm.example\n');
    expect(await run('check', '--env', 'vars')).toMatchObject({
      code: 1,
      err: expect.stringContaining('BOT_FLOW_SID is not set in vars'),
    });
  });

  test('lets a later file win over an earlier one, and accepts local URLs with the emulator', async () => {
    write('.env.emulator', readFileSync(join(root, '.env.emulator'), 'utf8'));
    write('.env.local', 'CRM_URL=http://localhost:8080/crm\n');
    const both = ['check', '--env', '.env.emulator', '--env', '.env.local'];
    expect(await run(...both)).toEqual({
      code: 0,
      out: 'src/assets/policy.private.json is valid (with the variables of .env.emulator and .env.local)',
      err: '',
    });
    write('.env.local', 'CRM_URL=http://crm.example\n');
    expect(await run(...both)).toMatchObject({ code: 1, err: expect.stringContaining('webhooks.crm.url') });
    write('.env.local', 'CRM_URL=http://localhost:8080/crm\nTWILIO_API_BASE_URL=\n');
    expect(await run(...both)).toMatchObject({ code: 1, err: expect.stringContaining('webhooks.crm.url') });
    write('.env.local', 'CRM_URL=\n');
    expect(await run(...both)).toMatchObject({
      code: 1,
      err: expect.stringContaining('CRM_URL is not set in .env.emulator or .env.local'),
    });
    expect(await run(...both, '--env', 'none')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--env none: cannot read the file'),
    });
  });
});

describe('test', () => {
  const message = (fields: string, expect: string, profile = 'bot') =>
    cases(
      `- name: one\n  given: { profile: ${profile} }\n  events:\n    - onMessageAdded: ${fields}\n  expect: ${expect}\n`,
    );
  beforeEach(() => project.write(JSON.stringify(desk)));

  test('plays events in order, and reports the rules that no case reaches', async () => {
    cases(`
- name: from the beginning
  events:
    - onConversationAdded:
    - onMessageAdded: { Body: Hello, Source: SMS }
    - onMessageAdded: { Body: A human!, Source: SMS }
  expect: { profile: agent, rule: asks-for-human, webhooks: [sos, crm], replay: this }
- name: by the index
  given: { profile: bot }
  events:
    - onMessageAdded: { Body: Hello, Source: SMS, Index: 6 }
    - onMessageAdded: { Body: A human!, Source: SMS }
  expect: { replay: 7 }
- name: unmanaged
  events:
    - onMessageAdded: { Body: A human!, Source: SMS }
  expect: { profile: null, rule: null, webhooks: [], replay: null }
- name: once
  given: { profile: bot }
  events:
    - onMessageAdded: { Body: agent, Source: SMS, Index: 3 }
    - onMessageAdded: { Body: bot, Index: 4 }
    - onMessageAdded: { Body: agent, Source: SMS, Index: 3 }
  expect: { profile: bot, rule: null }
- name: by a variable and by JSON
  given: { profile: bot }
  events:
    - onMessageAdded: { Author: "\${VIP_NUMBER}" }
    - onMessageAdded: { Body: bot }
    - onMessageAdded: { Attributes: { total: 500 } }
  expect: { profile: vip, rule: is-vip, replay: next }
`);
    expect(await run('test')).toEqual({
      code: 0,
      out: 'policy.tests.yaml: 5 of 5 cases passed, 4 of 4 rules covered (100 %)',
      err: '',
    });
    message('{ Body: agent, Source: SMS }', '{ profile: agent }');
    const { code, out, err } = await run('test', '--min-coverage', '25');
    expect([code, out]).toEqual([0, 'policy.tests.yaml: 1 of 1 cases passed, 1 of 4 rules covered (25 %)']);
    expect(err.split('\n')).toEqual([
      'no case reaches rules[0], on onConversationAdded',
      'no case reaches rule "is-vip", on onMessageAdded',
      'no case reaches rule "back", on onMessageAdded',
    ]);
    expect(await run('test', '--min-coverage', '25.1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('the coverage is below 25.1 %'),
    });
    const printed = await run('test', '--json', '--min-coverage', '50');
    expect(JSON.parse(printed.out)).toMatchObject({
      cases: [{ name: 'one', passed: true, failures: [] }],
      coverage: { rules: 4, reached: 1, percent: 25, unreached: expect.any(Array) },
    });
    expect([printed.code, JSON.parse(printed.err)]).toEqual([
      1,
      { error: { message: 'the coverage is below 50 %; add cases in which these rules decide' } },
    ]);
  });

  test.each([
    [
      '{ Body: Hello, Source: SMS }',
      '{ profile: agent }',
      'expected profile agent, got bot: rule "asks-for-human" needs Body with one of the words human, agent',
    ],
    [
      '{ Body: Hello }',
      '{ rule: asks-for-human }',
      'expected rule asks-for-human, got none: rule "asks-for-human" needs Body with one of the words human, agent and Source equal to SMS or whatsapp',
    ],
    [
      '{ Attributes: { total: 500, coupon: X1 } }',
      '{ profile: vip }',
      'expected profile vip, got bot: rule "is-vip" needs Author equal to ${VIP_NUMBER}',
    ],
    [
      '{ Body: agent, Source: SMS, Author: "${VIP_NUMBER}" }',
      '{ profile: vip, rule: is-vip }',
      'expected profile vip, got agent: rule "is-vip" comes after rule "asks-for-human"\n  expected rule is-vip, got asks-for-human',
    ],
    [
      '{ Body: agent, Source: SMS }',
      '{ profile: bot }',
      'expected profile bot, got agent: rule "asks-for-human" decides',
    ],
    [
      '{ Body: Hello }',
      '{ profile: parked }',
      'expected profile parked, got bot: no rule leads to profile "parked"',
    ],
    [
      '{ Body: bot }',
      '{ rule: back }',
      'expected rule back, got none: rule "back" applies only in profile agent or vip',
    ],
    [
      '{ Body: agent, Source: SMS }',
      '{ rule: "rules[0]" }',
      'expected rule rules[0], got asks-for-human: rules[0] is on onConversationAdded',
    ],
    ['{ Body: agent, Source: SMS }', '{ webhooks: [crm] }', 'expected webhooks [crm], got [crm, sos]'],
    ['{ Body: agent, Source: SMS }', '{ replay: start }', 'expected replay start, got this'],
    ['{ Index: x }', '{ profile: bot }', 'events[0]: Index "x" is not a message index (0, 1, …)'],
  ])('says of %s why %s is not met', async (fields, expectation, failure) => {
    message(fields, expectation);
    const { code, err, out } = await run('test');
    expect([code, out]).toEqual([1, expect.stringContaining('0 of 1 cases passed')]);
    expect(err).toMatch(/^"one" failed\n/);
    expect(err.replace(/\nno case reaches .*/g, '')).toBe(`"one" failed\n  ${failure}`);
  });

  test('says that an event was decided before', async () => {
    const event = '    - onMessageAdded: { Body: agent, Source: SMS, Index: 3 }\n';
    const back = '    - onMessageAdded: { Body: bot, Index: 4 }\n';
    cases(
      `- name: a\n  given: { profile: bot }\n  events:\n${event}${back}${event}  expect: { profile: agent }\n`,
    );
    expect((await run('test')).err).toContain('  expected profile agent, got bot: decided before\n');
  });

  test('names the event at which the nearest rule failed', async () => {
    cases(`
- name: two
  events:
    - onConversationAdded:
    - onMessageAdded: { Body: a human, Source: API }
    - onConversationUpdated: {}
  expect: { profile: agent }
`);
    expect((await run('test')).err).toContain(
      'expected profile agent, got bot: rule "asks-for-human" needs Source equal to SMS or whatsapp (events[1])',
    );
  });

  test.each([
    ['[]', 'cases: is empty; add at least one'],
    ['a: 1', 'cases: must be an array of cases, not an object'],
    ['- name: one\n  event: []', 'cases[0]: unknown key "event"; did you mean "events"?'],
    [
      '- { name: a, given: { profle: bot }, events: [{ onConversationAdded: }], expect: { profile: bot } }',
      'cases[0].given: unknown key "profle"; did you mean "profile"?',
    ],
    [
      '- { name: a, given: { conversation: { Attributes: {} } }, events: [{ onConversationAdded: }], expect: { profile: bot } }',
      'cases[0].given.conversation: unknown key "Attributes"; did you mean "attributes"?',
    ],
    [
      '- { name: a, given: { conversation: { state: open } }, events: [{ onConversationAdded: }], expect: { profile: bot } }',
      'cases[0].given.conversation.state: "open" is not a valid state; write active, inactive or closed',
    ],
    [
      '- { name: a, given: { conversation: { friendlyName: 5 } }, events: [{ onConversationAdded: }], expect: { profile: bot } }',
      'cases[0].given.conversation.friendlyName: must be a string, not 5',
    ],
    [
      '- { name: a, given: { profile: agnt }, events: [{ onConversationAdded: }], expect: { profile: bot } }',
      'cases[0].given.profile: "agnt" is not a profile of the policy; did you mean "agent"?',
    ],
    ['- { name: a, events: [], expect: { profile: bot } }', 'cases[0].events: is empty; add at least one'],
    [
      '- { name: a, events: [{ onMessageAdded: {}, onMessageUpdated: {} }], expect: { profile: bot } }',
      'cases[0].events[0]: must have one key, the event: onMessageAdded: { Body: Hello }',
    ],
    [
      '- { name: a, events: [{ onMessageAded: {} }], expect: { profile: bot } }',
      'cases[0].events[0]: "onMessageAded" is not a valid event; did you mean "onMessageAdded"?',
    ],
    [
      '- { name: a, events: [{ onMessageAdded: { body: x } }], expect: { profile: bot } }',
      'cases[0].events[0].onMessageAdded: "body" is not a field of onMessageAdded; did you mean "Body"?',
    ],
    [
      '- { name: a, events: [{ onMessageAdded: { Attributes: "{tier" } }], expect: { profile: bot } }',
      'cases[0].events[0].onMessageAdded.Attributes: "{tier" is not JSON; write it like {"tier": "gold"}',
    ],
    [
      '- { name: a, given: { conversation: { attributes: "{tier" } }, events: [{ onConversationAdded: }], expect: { profile: bot } }',
      'cases[0].given.conversation.attributes: "{tier" is not JSON; write it like {"tier": "gold"}',
    ],
    ...['Conversation.Attributes', 'Conversation.Attributes.tier'].map((field) => [
      `- { name: a, events: [{ onMessageAdded: { ${field}: gold } }], expect: { profile: bot } }`,
      `cases[0].events[0].onMessageAdded: "${field}" is not a field of onMessageAdded; write it as given.conversation.attributes`,
    ]),
    [
      '- { name: a, events: [{ onMessageAdded: { Conversation.FriendlyName: x } }], expect: { profile: bot } }',
      'cases[0].events[0].onMessageAdded: "Conversation.FriendlyName" is not a field of onMessageAdded; write it as given.conversation.friendlyName',
    ],
    [
      '- { name: a, events: [{ onMessageAdded: { Conversation.Sid: x } }], expect: { profile: bot } }',
      'cases[0].events[0].onMessageAdded: "Conversation.Sid" is not a field of onMessageAdded; write it as given.conversation',
    ],
    [
      '- { name: a, events: [{ onMessageAdded: }], expect: { replay: soon } }',
      'cases[0].expect.replay: "soon" is not a valid replay; write start, this, next, an index or null',
    ],
    [
      '- { name: a, events: [{ onMessageAdded: }], expect: { replay: true } }',
      'cases[0].expect.replay: must be start, this, next, an index or null, not true',
    ],
    [
      '- { name: a, events: [{ onMessageAdded: { Body: } }], expect: { profile: bot } }',
      'cases[0].events[0].onMessageAdded.Body: has no value; leave it out, or write ""',
    ],
    [
      '- { name: a, events: [{ onConversationAdded: }], expect: {} }',
      'cases[0].expect: is empty; expect profile, rule, webhooks or replay',
    ],
    [
      '- { name: a, events: [{ onConversationAdded: }], expect: { rule: back-again } }',
      'cases[0].expect.rule: "back-again" is not a rule of the policy; it has rules[0], asks-for-human, is-vip and back',
    ],
    [
      '- { name: a, events: [{ onConversationAdded: }], expect: { webhooks: null } }',
      'cases[0].expect.webhooks: must be an array; write [] for none',
    ],
    [
      '- { name: a, events: [{ onConversationAdded: }], expect: { replay: thi } }',
      'cases[0].expect.replay: "thi" is not a valid replay; did you mean "this"?',
    ],
    [
      '- { name: a, events: [{ onConversationAdded: }], expect: { profile: bot } }\n'.repeat(2),
      'cases[1].name: "a" is a duplicate of cases[0]',
    ],
    [
      '- name: [',
      'Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 10',
    ],
  ])('rejects the file %j', async (text, issue) => {
    cases(text);
    const { code, err, out } = await run('test');
    expect([code, out]).toEqual([1, '']);
    expect(err.split('\n')).toContain(`policy.tests.yaml: ${issue}`);
  });

  test('rejects a policy that is not valid', async () => {
    project.write(JSON.stringify({ ...desk, profiles: {} }));
    cases('[]');
    expect(await run('test')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/rules.*\(and \d+ more; see npm run/),
    });
  });
});

describe('explain', () => {
  beforeEach(() => project.write(JSON.stringify(desk)));

  test('says of each rule which condition held, then what changes', async () => {
    const { code, out } = await run(
      'explain',
      'onMessageAdded',
      'Body=I need a human',
      'Source=SMS',
      '--profile',
      'bot',
    );
    expect(code).toBe(0);
    expect(out).toBe(`rules[0] is on onConversationAdded

rule "asks-for-human" (rules[1]) decides: profile agent
  holds  Body with one of the words human, agent
  holds  Source equal to SMS or whatsapp

rule "is-vip" (rules[2]) does not match
  fails  Author equal to \${VIP_NUMBER}: the event has no Author
  or
  fails  Attributes.total of at least 500: the event has no Attributes.total
  holds  Attributes.coupon absent

rule "back" (rules[3]) applies only in profile agent or vip, and does not match
  fails  Body equal to bot: it is "I need a human"

rule "asks-for-human" moves the conversation from profile bot to profile agent.
Attached: crm, sos.
Detached: bot.
Replayed: message 0, the one of this event.`);
  });

  test('says why nothing changes', async () => {
    expect((await run('explain', 'onMessageAdded')).out).toMatch(
      /Nothing changes: no rule matches.*\nThe conversation is not managed; --profile puts it into a profile first.$/,
    );
    expect((await run('explain', 'onMessageAdded', 'Body=bot', '--profile', 'bot')).out).toMatch(
      /Nothing changes: no rule matches in profile bot.\nThe conversation stays in profile bot.$/,
    );
  });

  test('substitutes the variables of a file', async () => {
    write('vars', 'VIP_NUMBER=+15005550006\n');
    const args = ['explain', 'onMessageAdded', 'Author=+15005550006', '--profile', 'bot'];
    expect((await run(...args)).out).toContain('Nothing changes');
    const { out } = await run(...args, '--env', 'vars');
    expect(out).toContain('  holds  Author equal to +15005550006\n');
    expect(out).toMatch(
      /rule "is-vip" moves .*\nAttached: vip.\nDetached: bot.\nReplayed: nothing; the next message is 1.$/,
    );
    write('vars', 'OTHER=1\n');
    expect(await run(...args, '--env', 'vars')).toMatchObject({
      code: 1,
      err: expect.stringContaining('VIP_NUMBER is not set in vars'),
    });
    write('more', 'VIP_NUMBER=+15005550006\n');
    expect((await run(...args, '--env', 'vars', '--env', 'more')).out).toBe(out);
  });

  test('prints JSON', async () => {
    const { out } = await run('explain', 'onConversationAdded', '--json');
    expect(JSON.parse(out)).toMatchObject({
      event: { EventType: 'onConversationAdded', State: 'active' },
      previous_profile: null,
      profile: 'bot',
      rule: 'rules[0]',
      attached: ['bot'],
      detached: [],
      replay: 0,
      rules: [
        { rule: 'rules[0]', decides: true, obstacles: [], conditions: [[]] },
        { rule: 'asks-for-human', decides: false, obstacles: ['is on onMessageAdded'] },
        {},
        {},
      ],
    });
  });
});

describe('conditions on the conversation', () => {
  const lanes = {
    ...desk,
    rules: [
      { on: 'onConversationAdded', profile: 'bot' },
      {
        name: 'vip-lane',
        on: 'onMessageAdded',
        when: { 'Conversation.Attributes.tier': 'gold', Source: { not: 'API' } },
        profile: 'vip',
      },
      {
        name: 'reopened',
        on: 'onConversationStateUpdated',
        when: { 'Conversation.State': 'active' },
        profile: 'bot',
      },
    ],
  };
  beforeEach(() => project.write(JSON.stringify(lanes)));
  const explain = async (...args: string[]) =>
    (await run('explain', 'onMessageAdded', '--profile', 'bot', ...args)).out;

  test('are explained', async () => {
    expect(await explain()).toContain(`
rule "vip-lane" (rules[1]) does not match
  fails  Conversation.Attributes.tier equal to gold: the conversation has no Attributes.tier
  holds  Source other than API
`);
    expect(await explain('Conversation.Attributes={"tier":"iron"}')).toContain(
      'fails  Conversation.Attributes.tier equal to gold: it is "iron"\n',
    );
    expect(await explain('Conversation.Attributes={"tier":"gold"}')).toContain(
      '"vip-lane" (rules[1]) decides',
    );
    expect(await explain('Attributes={"tier":"gold"}')).toContain('Nothing changes');
  });

  test('are met by what a case gives', async () => {
    const at = (given: string, expected: string) =>
      cases(
        `- name: one\n  given: { profile: bot, conversation: ${given} }\n  events:\n    - onMessageAdded:\n  expect: ${expected}\n`,
      );
    at('{ attributes: { tier: gold } }', '{ profile: vip, rule: vip-lane }');
    expect(await run('test')).toMatchObject({ code: 0 });
    at(
      `{ attributes: '{"tier":"gold"}', friendlyName: Ann, uniqueName: a-1, state: inactive }`,
      '{ profile: vip }',
    );
    expect(await run('test')).toMatchObject({ code: 0 });
    at('{ attributes: { tier: iron } }', '{ profile: vip }');
    expect((await run('test')).err).toContain(
      'expected profile vip, got bot: rule "vip-lane" needs Conversation.Attributes.tier equal to gold',
    );
  });

  test('follow the events of the conversation', async () => {
    cases(`
- name: becomes gold
  given: { profile: bot }
  events:
    - onConversationUpdated: { Attributes: { tier: gold } }
    - onMessageAdded:
  expect: { rule: vip-lane }
- name: stays gold
  given: { profile: bot, conversation: { attributes: { tier: gold }, friendlyName: Ann } }
  events:
    - onConversationUpdated: { UniqueName: a-1 }
    - onMessageAdded:
  expect: { rule: vip-lane }
- name: closed
  given: { profile: vip }
  events:
    - onConversationStateUpdated: { StateTo: closed }
  expect: { rule: null }
- name: active
  given: { profile: vip, conversation: { state: inactive } }
  events:
    - onConversationStateUpdated: { StateTo: active }
  expect: { rule: reopened }
`);
    expect(await run('test')).toMatchObject({ code: 0, out: expect.stringContaining('4 of 4 cases passed') });
  });

  test('label the rules of the diagram', async () => {
    expect((await run('diagram')).out).toContain(
      'vip-lane, on onMessageAdded: Conversation.Attributes.tier equal to gold and Source other than API',
    );
  });
});

describe('calendars', () => {
  const office = { timeZone: 'Europe/Berlin', open: { 'mon-fri': ['09:00-17:00'] }, closed: ['2026-12-25'] };
  const hours = {
    ...desk,
    calendars: { office },
    rules: [
      { on: 'onConversationAdded', profile: 'bot' },
      {
        name: 'by-day',
        on: 'onMessageAdded',
        from: ['bot'],
        during: 'office',
        when: { Source: 'SMS' },
        profile: 'agent',
      },
      { name: 'by-night', on: 'onMessageAdded', from: ['bot'], outside: 'office', profile: 'vip' },
    ],
  };
  beforeEach(() => project.write(JSON.stringify(hours)));
  const explain = async (at: string) =>
    (await run('explain', 'onMessageAdded', 'Source=SMS', '--profile', 'bot', '--at', at)).out;

  test('are explained for a time', async () => {
    expect(await explain('2026-12-25T10:00:00Z')).toContain(`
rule "by-day" (rules[1]) does not match
  fails  office to be open: it is closed on fri 2026-12-25 at 11:00 in Europe/Berlin
  holds  Source equal to SMS

rule "by-night" (rules[2]) decides: profile vip
  holds  office to be closed
`);
    expect(await explain('2026-12-23T09:07+01:00')).toContain(`
rule "by-day" (rules[1]) decides: profile agent
  holds  office to be open
  holds  Source equal to SMS

rule "by-night" (rules[2]) does not match
  fails  office to be closed: it is open on wed 2026-12-23 at 09:07 in Europe/Berlin
`);
  });

  test('are evaluated at the date that the event has', async () => {
    const args = [
      'explain',
      'onMessageAdded',
      'Source=SMS',
      '--profile',
      'bot',
      '--at',
      '2026-12-25T10:00:00Z',
    ];
    expect((await run(...args, 'DateCreated=2026-12-23T10:00:00Z')).out).toContain(
      '"by-day" (rules[1]) decides',
    );
  });

  test('decide about a case from the time at which it begins', async () => {
    const event = '    - onMessageAdded: { Source: SMS }\n';
    const at = (time: string, expected: string) =>
      cases(
        `- name: one\n  given: { profile: bot, at: ${time} }\n  events:\n${event}  expect: { profile: ${expected} }\n`,
      );
    at('2026-12-28T08:00:00Z', 'agent');
    expect(await run('test')).toMatchObject({ code: 0 });
    at('2026-12-28T07:59:59Z', 'agent');
    expect((await run('test')).err).toContain(
      'expected profile agent, got vip: rule "by-day" needs office to be open',
    );
    cases(`- name: one\n  given: { profile: bot }\n  events:\n${event}  expect: { rule: by-day }\n`);
    expect(await run('test')).toMatchObject({ code: 0 });
  });

  test.each(['2026-12-25', '2026-12-25T10:00:00', '2026-02-30T10:00:00Z', '2026-12-25T24:01Z', 'noon'])(
    'need a time with an offset, not %s',
    async (time) => {
      const hint = 'write one like 2026-12-25T10:00:00Z or 2026-12-25T11:00+01:00';
      expect(await run('explain', 'onMessageAdded', '--at', time)).toEqual({
        code: 2,
        out: '',
        err: `--at "${time}" is not a time; ${hint}`,
      });
      cases(
        `- { name: a, given: { at: "${time}" }, events: [{ onMessageAdded: }], expect: { profile: bot } }`,
      );
      expect((await run('test')).err).toBe(
        `policy.tests.yaml: cases[0].given.at: "${time}" is not a time; ${hint}`,
      );
    },
  );

  test('label the rules of the diagram', async () => {
    const { out } = await run('diagram');
    expect(out).toContain('p1 --> p2 : by-day, on onMessageAdded during office: Source equal to SMS\n');
    expect(out).toContain('p1 --> p3 : by-night, on onMessageAdded outside office\n');
  });
});

describe('diagram', () => {
  test('draws profiles, webhooks, rules and what is unreachable', async () => {
    project.write(JSON.stringify(desk));
    expect((await run('diagram')).out).toBe(`stateDiagram-v2
  state "bot" as p1
  p1 : bot
  state "agent" as p2
  p2 : crm, sos
  state "vip" as p3
  p3 : vip
  state "parked" as p4
  p4 : no webhooks
  p4 : unreachable by rules
  [*] --> p1 : rules[0], on onConversationAdded
  p1 --> p2 : asks-for-human, on onMessageAdded: Body with one of the words human, agent and Source equal to SMS or whatsapp
  p1 --> p3 : is-vip, on onMessageAdded: Author equal to #36;#123;VIP_NUMBER#125;, or Attributes.total of at least 500 and Attributes.coupon absent
  p2 --> p1 : back, on onMessageAdded: Body equal to bot
  p3 --> p1 : back, on onMessageAdded: Body equal to bot
  classDef unreachable stroke-dasharray: 4
  class p4 unreachable`);
  });

  test('is kept in the page about policies', async () => {
    mkdirSync(join(project.folder, 'docs'), { recursive: true });
    write('docs/policy.md', '# Policy\n');
    expect(await run('diagram', '--write')).toMatchObject({
      code: 1,
      err: expect.stringContaining('has no place'),
    });
    const page = readFileSync(join(root, 'docs', 'policy.md'), 'utf8');
    write('docs/policy.md', page.replace(/```mermaid\n[^`]*```\n/, ''));
    expect((await run('diagram', '--write')).out).toBe('docs/policy.md has the new diagram');
    expect((await run('diagram', '--write')).out).toBe('docs/policy.md is up to date');
    // The page of a team shows its own policy.
    const drawn = [
      await run('diagram'),
      await run('diagram', '--policy', join(root, 'src/assets/policy.private.json')),
    ];
    const [, shown] = /```mermaid\n([^`]*)\n```\n/.exec(page)!;
    expect(drawn.map(({ out }) => out)).toContain(shown);
  });
});

describe('the cases of this project', () => {
  const yaml = readFileSync(join(root, 'policy.tests.yaml'), 'utf8');
  const isOfForm = new Ajv({ strictTypes: false }).compile(
    JSON.parse(readFileSync(join(root, 'schema', 'policy-tests.schema.json'), 'utf8')),
  );

  test('pass, reach each rule, and have the form that editors check', async () => {
    const own = join(root, 'src/assets/policy.private.json');
    // A team may have a policy of its own, and cover less of it.
    const isShipped = isDeepStrictEqual(JSON.parse(readFileSync(own, 'utf8')), JSON.parse(DEMO_POLICY));
    const coverage = isShipped ? ['--min-coverage', '100'] : [];
    const result = await run('test', join(root, 'policy.tests.yaml'), '--policy', own, ...coverage);
    expect(result.code).toBe(0);
    expect([isOfForm(parse(yaml)), isOfForm.errors]).toEqual([true, null]);
  });

  test('may have every event, and no unknown key', () => {
    const event = (type: string, fields: object | null = {}) => [
      { name: 'a', events: [{ [type]: fields }], expect: { profile: null } },
    ];
    for (const type of ['onConversationAdded', 'onMessageAdded', 'onMessageRemoved', 'onParticipantUpdated'])
      expect([isOfForm(event(type)), isOfForm(event(type, null))]).toEqual([true, true]);
    expect(isOfForm(event('onConversationStateUpdated', { StateTo: 'closed' }))).toBe(true);
    expect(isOfForm(event('onConversationStateUpdated'))).toBe(false);
    expect(isOfForm(event('onMessageAded'))).toBe(false);
    expect(isOfForm([{ ...event('onMessageAdded')[0], given: { conversation: { tier: 'gold' } } }])).toBe(
      false,
    );
    const given = {
      conversation: { attributes: { tier: 'gold' }, state: 'active' },
      at: '2026-12-25T10:00:00Z',
    };
    expect(isOfForm([{ ...event('onMessageAdded')[0], given }])).toBe(true);
    expect(isOfForm([{ ...event('onMessageAdded')[0], given: { at: '2026-12-25' } }])).toBe(false);
  });

  test('are explained as the page about tests shows', async () => {
    const page = readFileSync(join(root, 'docs', 'testing-a-policy.md'), 'utf8');
    const blocks = [...page.matchAll(/```(\w+)\n(.*?)\n```/gs)].map(
      ([, kind, text]) => [kind, text!] as const,
    );
    const [example] = blocks.filter(([kind]) => kind === 'yaml').map(([, text]) => text);
    const [failure, explanation, differences] = blocks
      .filter(([kind]) => kind === 'text')
      .map(([, text]) => text);
    cases(example!);
    expect(await run('test')).toMatchObject({ code: 0 });
    cases(example!.replace('I need a human', 'Hello'));
    expect((await run('test')).err).toContain(failure!.split('\n')[1]!);
    const said = await run(
      'explain',
      'onMessageAdded',
      'Body=I need a human',
      'Source=API',
      '--profile',
      'bot',
    );
    expect(said.out).toBe(explanation);
    cases(example!);
    const earlier = JSON.parse(DEMO_POLICY);
    delete earlier.rules[1].when.Source;
    write('old.json', JSON.stringify(earlier));
    expect(await run('diff', 'old.json')).toEqual({ code: 1, out: differences, err: '' });
  });
});
