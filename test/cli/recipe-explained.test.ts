import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyFolder } from '../support/policy-folder';
import { readRecipes } from '../support/recipes';

// `npm run policy -- explain` says of each rule of a support desk what somebody says who reads it.

const recipe = readRecipes().find(({ name }) => name === 'A support desk')!;
const project = policyFolder();
beforeAll(() => project.write(recipe.policy));
afterAll(() => project.remove());

async function run(...args: string[]) {
  const { code, printed } = await project.run(...args);
  return { code, printed: printed.join('\n') };
}

/** The paragraph about a rule, and the last one. */
async function explain(rule: string, args: readonly string[]) {
  const { code, printed } = await run('explain', ...args);
  expect([code, printed]).toEqual([0, expect.stringContaining(`rule "${rule}" `)]);
  const paragraphs = printed.split('\n\n');
  const about = paragraphs.find((text) => text.startsWith(`rule "${rule}" `))!;
  const [verdict, ...conditions] = about.split('\n');
  return {
    verdict: verdict!.replace(/^.* \(rules\[\d+\]\) /, ''),
    conditions: conditions.map((line) => line.trim()),
    summary: paragraphs.at(-1)!.split('\n')[0],
  };
}

const [DAY, EVENING, HOLIDAY] = ['2026-03-02T09:00Z', '2026-03-02T17:00Z', '2026-12-25T10:00Z'];
const GOLD = 'Attributes={"tier": "gold"}';
const KEYWORDS = 'Body with one of the words human, agent, mensch, mitarbeiter, persona, agente';
const COMPLAINTS =
  'Body with one of the words complaint, manager, beschwerde, vorgesetzter, queja, encargado';
const CUSTOMERS = 'Source equal to SMS or whatsapp';
const VIPS = 'Conversation.Attributes.tier equal to gold or platinum';

interface Example {
  readonly rule: string;
  readonly profile: string;
  /** The event in which it decides, and what holds. */
  readonly decides: readonly string[];
  readonly holds: readonly string[];
  /** An event in which it does not, its verdict, and what fails. */
  readonly other: readonly string[];
  readonly verdict: string;
  readonly fails: readonly string[];
}

const examples: Example[] = [
  {
    rule: 'vip-begins',
    profile: 'vip',
    decides: ['onConversationAdded', GOLD, '--at', EVENING],
    holds: ['Attributes.tier equal to gold or platinum'],
    other: ['onConversationAdded', 'Attributes={"tier": "silver"}', '--at', DAY],
    verdict: 'does not match',
    fails: ['Attributes.tier equal to gold or platinum: it is "silver"'],
  },
  {
    rule: 'begins-at-night',
    profile: 'night',
    decides: ['onConversationAdded', '--at', HOLIDAY],
    holds: ['office to be closed'],
    other: ['onConversationAdded', '--at', DAY],
    verdict: 'does not match',
    fails: ['office to be closed: it is open on mon 2026-03-02 at 10:00 in Europe/Berlin'],
  },
  {
    rule: 'begins',
    profile: 'triage',
    decides: ['onConversationAdded', '--at', DAY],
    holds: [],
    other: ['onConversationAdded', '--at', EVENING],
    verdict: 'comes after rule "begins-at-night"',
    fails: [],
  },
  {
    rule: 'vip-asks-for-human',
    profile: 'vip',
    decides: [
      'onMessageAdded',
      'Body=Eine Person? Ein MENSCH!',
      'Source=SMS',
      `Conversation.${GOLD}`,
      '--profile',
      'night',
      '--at',
      EVENING,
    ],
    holds: [CUSTOMERS, KEYWORDS, VIPS],
    other: ['onMessageAdded', 'Body=agent', 'Source=SMS', GOLD, '--profile', 'triage', '--at', DAY],
    verdict: 'does not match',
    fails: [`${VIPS}: the conversation has no Attributes.tier`],
  },
  {
    rule: 'asks-for-human',
    profile: 'agent',
    decides: ['onMessageAdded', 'Body=un agente', 'Source=whatsapp', '--profile', 'triage', '--at', DAY],
    holds: ['office to be open', CUSTOMERS, KEYWORDS],
    other: ['onMessageAdded', 'Body=un agente', 'Source=API', '--profile', 'triage', '--at', HOLIDAY],
    verdict: 'does not match',
    fails: [
      'office to be open: it is closed on fri 2026-12-25 at 11:00 in Europe/Berlin',
      `${CUSTOMERS}: it is "API"`,
    ],
  },
  {
    rule: 'vip-returns',
    profile: 'vip',
    decides: ['onMessageAdded', 'Source=SMS', `Conversation.${GOLD}`, '--profile', 'parked', '--at', EVENING],
    holds: [CUSTOMERS, VIPS],
    other: ['onMessageAdded', `Conversation.${GOLD}`, '--profile', 'closed', '--at', DAY],
    verdict: 'applies only in profile parked, and does not match',
    fails: [`${CUSTOMERS}: the event has no Source`],
  },
  {
    rule: 'writes-at-night',
    profile: 'night',
    decides: ['onMessageAdded', 'Source=SMS', '--profile', 'triage', '--at', EVENING],
    holds: ['office to be closed', CUSTOMERS],
    other: ['onMessageAdded', 'Source=SMS', '--profile', 'triage', '--at', '2026-03-02T16:59Z'],
    verdict: 'does not match',
    fails: ['office to be closed: it is open on mon 2026-03-02 at 17:59 in Europe/Berlin'],
  },
  {
    rule: 'writes-by-day',
    profile: 'triage',
    decides: ['onMessageAdded', 'Source=SMS', '--profile', 'night', '--at', '2026-03-07T09:00Z'],
    holds: ['office to be open', CUSTOMERS],
    other: ['onMessageAdded', 'Source=SMS', '--profile', 'night', '--at', '2026-03-07T08:59Z'],
    verdict: 'does not match',
    fails: ['office to be open: it is closed on sat 2026-03-07 at 09:59 in Europe/Berlin'],
  },
  {
    rule: 'complains',
    profile: 'escalated',
    decides: ['onMessageAdded', 'Body=A complaint.', 'Source=SMS', '--profile', 'agent', '--at', DAY],
    holds: [CUSTOMERS, COMPLAINTS],
    other: ['onMessageAdded', 'Body=No complaints', 'Source=SMS', '--profile', 'agent', '--at', DAY],
    verdict: 'does not match',
    fails: [`${COMPLAINTS}: it is "No complaints"`],
  },
  {
    rule: 'vip-complains',
    profile: 'vip-escalated',
    decides: ['onMessageAdded', 'Body=¡Una queja!', 'Source=whatsapp', '--profile', 'vip', '--at', DAY],
    holds: [CUSTOMERS, COMPLAINTS],
    other: ['onMessageAdded', 'Body=¡Una queja!', 'Source=whatsapp', '--profile', 'agent', '--at', DAY],
    verdict: 'applies only in profile vip',
    fails: [],
  },
  {
    rule: 'falls-silent',
    profile: 'parked',
    decides: ['onConversationStateUpdated', 'StateTo=inactive', '--profile', 'night', '--at', EVENING],
    holds: ['StateTo equal to inactive'],
    other: ['onConversationStateUpdated', 'StateTo=active', '--profile', 'parked', '--at', DAY],
    verdict: 'does not match',
    fails: ['StateTo equal to inactive: it is "active"'],
  },
  {
    rule: 'closes',
    profile: 'closed',
    decides: ['onConversationStateUpdated', 'StateTo=closed', '--profile', 'vip', '--at', DAY],
    holds: ['StateTo equal to closed'],
    other: ['onConversationStateUpdated', 'StateTo=closed', '--profile', 'closed', '--at', DAY],
    verdict: 'leads to closed, the current profile',
    fails: [],
  },
];

test('explains each rule of the recipe', () => {
  const { rules } = JSON.parse(recipe.policy);
  expect(examples.map(({ rule }) => rule)).toEqual(rules.map(({ name }: { name: string }) => name));
});

test.each(examples)('$rule: says why it decides', async ({ rule, profile, decides, holds }) => {
  const { verdict, conditions, summary } = await explain(rule, decides);
  expect(verdict).toBe(`decides: profile ${profile}`);
  expect(conditions).toEqual(holds.map((condition) => `holds  ${condition}`));
  expect(summary).toMatch(new RegExp(`^rule "${rule}" moves the conversation .*to profile ${profile}\\.$`));
});

test.each(examples)('$rule: says why it does not decide', async ({ rule, other, verdict, fails }) => {
  const said = await explain(rule, other);
  expect(said.verdict).toBe(verdict);
  const failed = said.conditions.filter((line) => line.startsWith('fails  '));
  expect(failed).toEqual(fails.map((condition) => `fails  ${condition}`));
  expect(said.summary).not.toContain(`rule "${rule}" moves`);
});

test.each([
  [
    'a condition on the conversation',
    'tier: platinum',
    'tier: silver',
    `expected profile vip, got agent: rule "vip-asks-for-human" needs ${VIPS}`,
  ],
  [
    'opening hours',
    'given: { profile: night, at: 2026-03-03T08:00:00Z }',
    'given: { profile: night, at: 2026-03-03T07:59:00Z }',
    'expected profile triage, got night: rule "writes-by-day" needs office to be open',
  ],
  [
    'words',
    'Body: "I need a human!"',
    'Body: "I need humans!"',
    `expected profile agent, got triage: rule "asks-for-human" needs ${KEYWORDS}`,
  ],
])('a case that expects too much fails and names %s', async (_, before, after, failure) => {
  const edited = recipe.cases.replace(before, after);
  expect(edited).not.toBe(recipe.cases);
  writeFileSync(join(project.folder, 'policy.tests.yaml'), edited);
  const { code, printed } = await run('test');
  expect([code, printed.match(/ failed$/gm)?.length]).toEqual([1, 1]);
  expect(printed.split('\n').map((line) => line.trim())).toContain(failure);
});
