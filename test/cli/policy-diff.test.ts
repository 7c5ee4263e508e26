// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policy } from '../../cli/policy/policy';
import { policyFolder } from '../support/policy-folder';

const project = policyFolder();
afterAll(() => project.remove());
afterEach(() => rmSync(join(project.folder, 'policy.tests.yaml'), { force: true }));

const write = (name: string, text: string) => writeFileSync(join(project.folder, name), text);
async function run(...args: string[]) {
  const printed = { out: [] as string[], err: [] as string[] };
  const code = await policy(
    ['diff', ...args],
    {},
    {
      folder: project.folder,
      out: (line) => printed.out.push(line),
      err: (line) => printed.err.push(line),
    },
  );
  return { code, out: printed.out.join('\n'), err: printed.err.join('\n') };
}

const hook = (name: string) => ({ target: 'webhook', url: `/${name}`, filters: ['onMessageAdded'] });
// biome-ignore lint/suspicious/noExplicitAny: a test changes what it likes
const desk = (): any => ({
  webhooks: { bot: hook('bot'), crm: hook('crm'), vip: hook('vip') },
  profiles: { bot: ['bot'], agent: ['crm'], vip: ['vip'] },
  rules: [
    { name: 'begins', on: 'onConversationAdded', profile: 'bot' },
    {
      name: 'large-order',
      on: 'onMessageAdded',
      from: ['bot'],
      when: { 'Attributes.order.total': { atLeast: 500 }, 'Media.ContentType': { not: 'image/png' } },
      profile: 'vip',
    },
    {
      name: 'asks',
      on: 'onMessageAdded',
      from: ['bot'],
      when: [
        { Body: { words: ['human'] }, Source: { not: 'API' } },
        { Body: { matches: '\\bA-\\d{2}(?=!)' } },
      ],
      profile: 'agent',
      replay: 'this',
    },
    { name: 'closes', on: 'onConversationStateUpdated', when: { StateTo: 'closed' }, profile: 'bot' },
  ],
});
/** What is printed about an edited policy. */
async function diffAfter(edit: (policy: ReturnType<typeof desk>) => void, ...args: string[]) {
  const edited = desk();
  edit(edited);
  write('old.json', JSON.stringify(desk()));
  project.write(JSON.stringify(edited));
  return run('old.json', ...args);
}

test.each<[string, (policy: ReturnType<typeof desk>) => void, string[]]>([
  [
    'a new word',
    ({ rules }) => rules[2].when[0].Body.words.push('agent'),
    [
      `onMessageAdded Body=agent --profile bot
    old  nothing changes
    new  rule "asks": profile agent with crm, replay from message 2`,
    ],
  ],
  [
    'a threshold',
    ({ rules }) => {
      rules[1].when['Attributes.order.total'] = { atLeast: 501 };
    },
    [
      `onMessageAdded Attributes='{"order":{"total":"500"}}' --profile bot
    old  rule "large-order": profile vip with vip, replay from message 3
    new  nothing changes`,
      `onMessageAdded Body=human Attributes='{"order":{"total":"500"}}' --profile bot
    old  rule "large-order": profile vip with vip, replay from message 3
    new  rule "asks": profile agent with crm, replay from message 2`,
    ],
  ],
  [
    'a condition inside an array of objects',
    ({ rules }) => {
      delete rules[1].when['Media.ContentType'];
    },
    [
      `onMessageAdded Attributes='{"order":{"total":"500"}}' Media='[{"ContentType":"image/png"}]' --profile bot
    old  nothing changes
    new  rule "large-order": profile vip with vip, replay from message 3`,
      `onMessageAdded Body=human Attributes='{"order":{"total":"500"}}' Media='[{"ContentType":"image/png"}]' --profile bot
    old  rule "asks": profile agent with crm, replay from message 2
    new  rule "large-order": profile vip with vip, replay from message 3`,
    ],
  ],
  [
    'the order of the rules',
    ({ rules }) => rules.splice(1, 2, rules[2], rules[1]),
    [
      `onMessageAdded Body=human Attributes='{"order":{"total":"500"}}' --profile bot
    old  rule "large-order": profile vip with vip, replay from message 3
    new  rule "asks": profile agent with crm, replay from message 2`,
    ],
  ],
  [
    'a profile that the rule applied in',
    ({ rules }) => {
      delete rules[2].from;
    },
    [
      `onMessageAdded Body=human --profile vip
    old  nothing changes
    new  rule "asks": profile agent with crm, replay from message 2`,
    ],
  ],
  [
    'a pattern with assertions',
    ({ rules }) => rules[2].when.pop(),
    [
      `onMessageAdded Body='A-07!' --profile bot
    old  rule "asks": profile agent with crm, replay from message 2
    new  nothing changes`,
    ],
  ],
  [
    'a replay',
    ({ rules }) => {
      rules[3].replay = 'start';
    },
    [
      `onConversationStateUpdated StateTo=closed --profile agent
    old  rule "closes": profile bot with bot, replay from message 2
    new  rule "closes": profile bot with bot, replay from message 0`,
    ],
  ],
  [
    'the webhooks of a profile',
    ({ profiles }) => {
      profiles.bot = ['bot', 'crm'];
    },
    [
      `onConversationAdded
    old  rule "begins": profile bot with bot, replay from message 0
    new  rule "begins": profile bot with bot, crm, replay from message 0`,
      `onConversationStateUpdated StateTo=closed --profile agent
    old  rule "closes": profile bot with bot, replay from message 2
    new  rule "closes": profile bot with bot, crm, replay from message 2`,
    ],
  ],
  [
    'a profile without its former name',
    (policy) => {
      policy.profiles = { bot: ['bot'], desk: ['crm'], vip: ['vip'] };
      policy.rules[2].profile = 'desk';
    },
    [
      `onMessageAdded Body=human --profile bot
    old  rule "asks": profile agent with crm, replay from message 2
    new  rule "asks": profile desk with crm, replay from message 2`,
    ],
  ],
])('shows the smallest event for %s', async (_, edit, differences) => {
  const { code, out, err } = await diffAfter(edit, '--events', '300');
  const [summary, ...shown] = out.split(/\n\n {2}/);
  expect([code, err]).toEqual([1, '']);
  expect(summary).toMatch(/^300 generated events \(seed 1\): found \d differences?$/);
  expect(shown.sort()).toEqual(differences);
});

test.each<[string, (policy: ReturnType<typeof desk>) => void]>([
  ['nothing', () => undefined],
  [
    'the name and the place of a rule',
    ({ rules }) => {
      rules[2].name = 'asks-for-human';
      rules.unshift(rules.pop());
    },
  ],
  [
    'the way in which a condition is written',
    ({ rules }) => {
      rules[2].when[0] = { Source: { not: { in: ['API'] } }, Body: { words: ['HUMAN'] } };
    },
  ],
  [
    'the name of a webhook',
    (policy) => {
      policy.webhooks.desk = policy.webhooks.crm;
      delete policy.webhooks.crm;
      policy.profiles.agent = ['desk'];
    },
  ],
  [
    'the name of a profile, with its former one',
    (policy) => {
      policy.profiles = { bot: ['bot'], desk: ['crm'], vip: ['vip'] };
      policy.rules[2].profile = 'desk';
      policy.formerProfiles = { agent: 'desk' };
    },
  ],
])('finds no difference if one edits %s', async (_, edit) => {
  const forth = await diffAfter(edit, '--events', '200');
  const back = await run('src/assets/policy.private.json', 'old.json', '--events', '200');
  for (const { code, out } of [forth, back])
    expect([code, out]).toEqual([0, '200 generated events (seed 1): found 0 differences']);
});

test('names the test cases that are decided differently, and their first such event', async () => {
  write(
    'policy.tests.yaml',
    `
- name: asks for a human
  given: { profile: bot }
  events:
    - onMessageAdded: { Body: "It's me" }
    - onMessageAdded: { Body: a human, Source: SMS }
    - onMessageAdded: { Body: a human, Source: SMS }
  expect: { profile: agent, rule: null }
- name: stays
  given: { profile: agent }
  events:
    - onMessageAdded: { Body: Hello }
  expect: { profile: agent }
`,
  );
  const rename = (edited: ReturnType<typeof desk>) => {
    edited.profiles = { bot: ['bot'], desk: ['crm'], vip: ['vip'] };
    edited.formerProfiles = { agent: 'desk' };
    edited.rules[2].profile = 'desk';
    edited.rules[2].when[0].Body.words = ['real person'];
  };
  const { code, out } = await diffAfter(rename, '--events', '0');
  expect([code, out]).toEqual([
    1,
    `policy.tests.yaml: 1 of 2 cases decided differently

  "asks for a human", events[1]
  onMessageAdded Body='a human' Source=SMS --profile bot
    old  rule "asks": profile agent with crm, replay from message 1
    new  nothing changes

0 generated events (seed 1): found 0 differences`,
  ]);
  const { out: json } = await diffAfter(rename, '--events', '0', '--json');
  expect(JSON.parse(json)).toEqual({
    cases: {
      file: 'policy.tests.yaml',
      tried: 2,
      different: [
        {
          name: 'asks for a human',
          index: 1,
          event: { EventType: 'onMessageAdded', Body: 'a human', Source: 'SMS' },
          conversation: {},
          at: null,
          profile: { old: 'bot', new: 'bot' },
          old: { rule: 'rule "asks"', profile: 'agent', webhooks: ['crm'], replay: 1 },
          new: null,
        },
      ],
    },
    events: { tried: 0, seed: 1, different: [] },
  });
});

describe('calendars', () => {
  const office = {
    timeZone: 'Europe/Berlin',
    open: { 'mon-thu': ['09:00-17:00'], fri: ['09:00-15:00'] },
    closed: ['2026-12-25'],
  };
  const hours = () => {
    const policy = desk();
    policy.calendars = { office: structuredClone(office) };
    policy.rules[3].during = 'office';
    return policy;
  };

  test.each<[string, (calendar: typeof office) => void, string, 'old' | 'new']>([
    ['a later end', ({ open }) => open.fri.splice(0, 1, '09:00-15:01'), '2026-01-09T14:00:00.000Z', 'new'],
    [
      'an earlier day',
      ({ open }) => Object.assign(open, { sat: ['10:00-11:00'] }),
      '2026-01-10T09:00:00.000Z',
      'new',
    ],
    ['a holiday', ({ closed }) => closed.push('2026-12-24'), '2026-12-24T08:00:00.000Z', 'old'],
  ])('are compared at the times at which they change: %s', async (_, edit, at, decides) => {
    const edited = hours();
    edit(edited.calendars.office);
    write('old.json', JSON.stringify(hours()));
    project.write(JSON.stringify(edited));
    const { out } = await run('old.json', '--events', '200');
    const decision = 'rule "closes": profile bot with bot, replay from message 2';
    const [before, after] = decides === 'new' ? ['nothing changes', decision] : [decision, 'nothing changes'];
    expect(out).toContain('found 1 difference\n');
    expect(out).toContain(`onConversationStateUpdated StateTo=closed --profile agent --at ${at}
    old  ${before}
    new  ${after}`);
    const { out: json } = await run('old.json', '--events', '200', '--json');
    expect(JSON.parse(json).events.different).toMatchObject([{ at }]);
  });

  test.each<[string, (policy: ReturnType<typeof desk>) => void]>([
    ['nothing', () => undefined],
    [
      'the name of a calendar',
      (policy) => {
        policy.calendars = { desk: policy.calendars.office };
        policy.rules[3].during = 'desk';
      },
    ],
    [
      'a calendar that no rule uses',
      ({ calendars }) => {
        calendars.night = { timeZone: 'Europe/Berlin', open: {} };
      },
    ],
  ])('do not differ if one edits %s', async (_, edit) => {
    const edited = hours();
    edit(edited);
    write('old.json', JSON.stringify(hours()));
    project.write(JSON.stringify(edited));
    expect(await run('old.json', '--events', '200')).toMatchObject({ code: 0 });
  });

  test.each<[string, Partial<typeof office>, Partial<typeof office>, string]>([
    ['in winter and in summer', {}, { timeZone: 'Africa/Lagos' }, '2026-07-06T07:00:00.000Z'],
    [
      'where a date begins a day earlier',
      { timeZone: 'Pacific/Kiritimati', closed: ['2026-12-24'] },
      { timeZone: 'Pacific/Kiritimati', closed: [] },
      '2026-12-23T19:00:00.000Z',
    ],
    [
      'where a date ends a day later',
      { timeZone: 'Pacific/Pago_Pago', open: { 'mon-thu': ['23:59-24:00'], fri: [] }, closed: [] },
      { timeZone: 'Pacific/Pago_Pago', open: { 'mon-thu': ['23:58-24:00'], fri: [] }, closed: [] },
      '2026-01-06T10:58:00.000Z',
    ],
  ])('are compared %s', async (_, before, after, at) => {
    const withCalendar = (office: object) => ({ ...hours(), calendars: { office } });
    write('old.json', JSON.stringify(withCalendar({ ...office, ...before })));
    project.write(JSON.stringify(withCalendar({ ...office, ...after })));
    const { out } = await run('old.json', '--events', '200');
    expect(out).toContain(`StateTo=closed --profile agent --at ${at}\n`);
  });

  test('are left out of a difference that is there at any time', async () => {
    const edited = hours();
    edited.rules[2].when[0].Body.words.push('agent');
    write('old.json', JSON.stringify(hours()));
    project.write(JSON.stringify(edited));
    const { out } = await run('old.json', '--events', '500');
    expect(out).toContain('found 1 difference\n\n  onMessageAdded Body=agent --profile bot\n');
  });
});

test.each<[string, object, object, string]>([
  [
    'another tier',
    { 'Conversation.Attributes.tier': { in: ['gold', 'silver'] } },
    { 'Conversation.Attributes.tier': { in: ['gold', 'platinum'] } },
    `Conversation.Attributes='{"tier":"silver"}'`,
  ],
  [
    'a deeper path, and the state',
    { 'Conversation.Attributes.order.tier': 'gold', 'Conversation.State': 'active' },
    { 'Conversation.Attributes.order.tier': 'gold', 'Conversation.State': 'inactive' },
    `Conversation.Attributes='{"order":{"tier":"gold"}}'`,
  ],
  [
    'a friendly name',
    { 'Conversation.FriendlyName': { words: ['vip'] } },
    { 'Conversation.FriendlyName': { words: ['vips'] } },
    'Conversation.FriendlyName=vip',
  ],
  [
    'a unique name',
    { 'Conversation.UniqueName': { exists: true } },
    { 'Conversation.UniqueName': { exists: true, not: 'x' } },
    'Conversation.UniqueName=x',
  ],
])('compares what conversations have: %s', async (_, before, after, fields) => {
  const withCondition = (when: object) => ({ ...desk(), rules: [{ ...desk().rules[2], when }] });
  write('old.json', JSON.stringify(withCondition(before)));
  project.write(JSON.stringify(withCondition(after)));
  const { out } = await run('old.json', '--events', '300');
  expect(out).toContain(`
  onMessageAdded ${fields} --profile bot
    old  rule "asks": profile agent with crm, replay from message 2
    new  nothing changes`);
  const { out: json } = await run('old.json', '--events', '300', '--json');
  const [name, value] = /^Conversation\.(\w+)=(.*)$/.exec(fields.replaceAll("'", ''))!.slice(1);
  expect(JSON.parse(json).events.different).toContainEqual(
    expect.objectContaining({
      event: { EventType: 'onMessageAdded' },
      conversation: { [name!]: value },
      at: null,
    }),
  );
});

test('shows the time and the conversation of a case', async () => {
  write(
    'policy.tests.yaml',
    `
- name: a gold customer
  given: { profile: bot, at: 2026-03-02T09:00:00Z, conversation: { attributes: { tier: gold } } }
  events:
    - onMessageAdded: { Body: Hello, Source: API }
    - onMessageAdded: { Body: Hello, Source: SMS }
  expect: { profile: bot }
`,
  );
  const { out } = await diffAfter(
    (edited) => {
      edited.calendars = { office: { timeZone: 'Europe/Berlin', open: { mon: ['10:00-11:00'] } } };
      edited.rules[2].during = 'office';
      edited.rules[2].when = { 'Conversation.Attributes.tier': 'gold', Source: 'SMS' };
    },
    '--events',
    '0',
  );
  expect(out).toContain(`
  "a gold customer", events[1]
  onMessageAdded Body=Hello Source=SMS Conversation.Attributes='{"tier":"gold"}' --profile bot --at 2026-03-02T09:01:00.000Z
    old  nothing changes
    new  rule "asks"`);
});

test('finds the same with the same seed, and at most as many as it may', async () => {
  const edit = ({ profiles }: ReturnType<typeof desk>) => {
    for (const name of ['bot', 'agent', 'vip']) profiles[name] = [];
  };
  const first = await diffAfter(edit, '--seed', '7', '--events', '200');
  expect(first.out).toContain('200 generated events (seed 7): found 4 differences\n');
  expect(await diffAfter(edit, '--seed', '7', '--events', '200')).toEqual(first);
  const { out } = await diffAfter(edit, '--max', '2');
  expect(out).toContain('(seed 1): found 2 differences, and stopped there: see --max\n');
  const { out: json } = await diffAfter(edit, '--seed', '7', '--events', '200', '--json');
  expect(JSON.parse(json)).toMatchObject({
    cases: { file: null, tried: 0, different: [] },
    events: { tried: 200, seed: 7, different: [{}, {}, {}, {}] },
  });
});

test('names patterns that no generated event matches', async () => {
  const { code, err } = await diffAfter(
    ({ rules }) => {
      rules[2].when[1].Body.matches = '(["\']).+\\1';
    },
    '--events',
    '300',
  );
  expect([code, err]).toEqual([1, 'no generated event matches /(["\']).+\\1/; write a case for it']);
});

test.each([
  [[], 'missing required argument old; see npm run policy -- diff --help'],
  [['none.json'], 'none.json cannot be read; check the path'],
  [['old.json', 'invalid.json'], expect.stringMatching(/^invalid\.json: .*profiles/)],
  [['old.json', '--cases', 'none.yaml'], 'none.yaml cannot be read; check the path'],
  [['old.json', '--cases', 'wrong.yaml'], 'wrong.yaml: cases: is empty; add at least one'],
  [['old.json', '--max', '0'], '--max must be a number from 1 on, not "0"'],
  [['old.json', '--seed', 'x'], '--seed must be a number from 0 on, not "x"'],
])('rejects %j with exit code 2', async (args, message) => {
  write('old.json', JSON.stringify(desk()));
  write('invalid.json', '{"webhooks": {}, "rules": []}');
  write('wrong.yaml', '[]');
  expect(await run(...args)).toEqual({ code: 2, out: '', err: message });
});
