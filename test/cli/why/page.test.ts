import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLine } from '../../../cli/why/log';
import { printPage } from '../../../cli/why/print';
import { ago, duration } from '../../../cli/why/time';
import { verdictOf } from '../../../cli/why/verdict';
import { onScreen, wrap } from '../../../cli/wrap';
import { at, caseFile, line, listener, logged, message, router } from '../../support/case-file';
import { root } from '../../support/programs';

const page = (facts: Parameters<typeof caseFile>[0], bodies = false) => {
  const file = caseFile(facts);
  const [about] = file.messages;
  return printPage(file, about && verdictOf(file, about), { bodies, clean: (text) => text });
};

test.each([
  [999, 'less than a second'],
  [1_000, '1 second'],
  [119_000, '119 seconds'],
  [120_000, '2 minutes'],
  [86_400_000, '24 hours'],
  [3 * 86_400_000, '3 days'],
])('says that %d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('says how long ago a date is, and of a date to come that it is now', () => {
  expect([ago(at(0), at(90)), ago(at(5), at(5)), ago(at(9), at(5))]).toEqual([
    '90 seconds ago',
    'just now',
    'just now',
  ]);
});

test.each([
  ['', ['']],
  ['short', ['short']],
  [
    `  1. ${'word '.repeat(20).trim()}`,
    [`  1. ${'word '.repeat(15).trim()}`, `     ${'word '.repeat(5).trim()}`],
  ],
  [
    `  12:00:00 ${'word '.repeat(20).trim()}`,
    [`  12:00:00 ${'word '.repeat(14).trim()}`, `           ${'word '.repeat(6).trim()}`],
  ],
  [
    `    calls https://example.com/${'x'.repeat(80)}`,
    ['    calls', `    https://example.com/${'x'.repeat(80)}`],
  ],
])('wraps %j', (text, lines) => {
  expect(wrap(text)).toEqual(lines);
});

test('wraps sentences on a screen alone', () => {
  const text = `1. ${'word '.repeat(4).trim()}\nshort`;
  expect(onScreen(text, undefined)).toBe(text);
  expect(onScreen(text, 13)).toBe('1. word word\n   word word\nshort');
});

const names = ['CH1', 'a-name'];

test('reads a line of the log, whatever comes before it', () => {
  const text =
    'WARN {"operation":"event","conversation":"CH1","event":"onMessageAdded","index":0,"status":200,"from":null,"to":"bot","rule":2,"nearest":{"rule":"r","needs":["Body"]}}';
  expect(parseLine(text, at(0), names)).toMatchObject({
    ...{
      date: at(0),
      operation: 'event',
      event: 'onMessageAdded',
      index: 0,
      status: 200,
      from: null,
      to: 'bot',
    },
    ...{ rule: 2, nearest: { rule: 'r', needs: ['Body'] }, why: undefined },
  });
});

test('knows a conversation by its unique name, and among those of a batch', () => {
  expect(parseLine('{"operation":"sync","conversation":"a-name"}', at(0), names)?.operation).toBe('sync');
  expect(parseLine('{"operation":"studio","conversations":["CH2","CH1"]}', at(0), names)?.operation).toBe(
    'studio',
  );
});

test.each([
  '',
  'text',
  '{"operation":',
  '{"operation":"sync","conversation":"CH2"}',
  '[]',
  '{"operation":"status"}',
])('leaves out %j', (text) => {
  expect(parseLine(text, at(0), names)).toBeUndefined();
});

test('has the time line in order, and no more than 40 entries of it', () => {
  const messages = Array.from({ length: 60 }, (_, index) => message({ index, date: at(100 + index) }));
  const text = page({ listeners: [router()], messages });
  expect(text).toContain('… 22 earlier; --json has all');
  const shown = [...text.matchAll(/^ {2}\d\d:\d\d:\d\d message (\d+)/gm)].map(([, index]) => Number(index));
  expect(shown).toEqual(Array.from({ length: 40 }, (_, i) => i + 20));
});

test('has what messages say with --bodies alone', () => {
  const facts = { listeners: [router()], messages: [message({ body: 'a secret' })], log: logged(line()) };
  expect(page(facts)).not.toContain('a secret');
  expect(page(facts, true)).toContain('message 0 by SMS or another channel: "a secret"');
});

test('says that a conversation has no message, no router and no listener', () => {
  const text = page({});
  for (const sentence of [
    'Not managed: it has no router.',
    'Nobody listens.',
    'The conversation has no message.',
  ])
    expect(text).toContain(sentence);
});

test('keeps a command on one line', () => {
  const text = page({ messages: [message()] });
  expect(text).toMatch(/^ {7}npm run call -- sync \S+ Profile=bot ReplayAfter=start --url https:\S+$/m);
});

test('lists webhooks of the profile that are missing among those who listen', () => {
  const state = { profile: 'agent', replay: 0, decided: at(0), policy: 'aaaaaa', checkout: 'aaaaaa' };
  const warnings = ['Twilio refused to create crm: 50365 Invalid URL'];
  const text = page({
    ...{ router: { ...state, webhooks: ['crm'] }, listeners: [router()], messages: [message()] },
    log: logged(line({ warnings })),
  });
  const [, listeners = ''] = /Who listens now\n(.*?)\n\n/s.exec(text) ?? [];
  expect(listeners.replace(/\s+/g, ' ')).toContain(
    '✗ crm is in profile agent, and is not attached: Twilio refused it (50365 Invalid URL)',
  );
  expect(text).toContain('  ✗ crm is not attached\n');
});

test('says why webhooks have no names', () => {
  expect(page({ listeners: [router()], policyIssue: 'VIP_URL is not set' })).toMatch(
    /^Webhooks of the policy have no names here. VIP_URL is not set\.$/m,
  );
});

test('says that the log was read in part', () => {
  const log = { ...logged(), from: at(500) };
  expect(page({ listeners: [router()], log })).toMatch(/The log was read from \S+ on\./);
});

test('names the policy of the router, and that of the checkout if it is another', () => {
  const state = {
    profile: 'bot',
    replay: 3,
    decided: at(0),
    policy: 'aaaaaa',
    checkout: 'bbbbbb',
    webhooks: null,
  };
  expect(page({ router: state, listeners: [router(), listener()] })).toContain(
    'index 3 on; policy aaaaaa, and this',
  );
});

describe('docs/observing.md', () => {
  const [, text = ''] = readFileSync(join(root, 'docs', 'observing.md'), 'utf8').split('## Find out why\n');
  const section = text.slice(0, text.indexOf('\n## '));
  const cells = (pattern: RegExp) =>
    section
      .split('\n')
      .flatMap((row) => (row.startsWith('|') ? (row.split('|')[1]!.match(pattern) ?? []) : []));

  test('has each kind of cause', () => {
    const source = readFileSync(join(root, 'cli', 'why', 'causes.ts'), 'utf8');
    const [, union = ''] = /export type CauseKind =(.*?);/s.exec(source) ?? [];
    const kinds = union.match(/[a-z-]{4,}/g) ?? [];
    expect(kinds.length).toBeGreaterThan(10);
    expect(
      cells(/(?<=`)[a-z][a-z-]+(?=`)/g)
        .filter((name) => name !== 'kind')
        .sort(),
    ).toEqual(kinds.sort());
  });

  test('has each flag', () => {
    const source = readFileSync(join(root, 'cli', 'why', 'options.ts'), 'utf8');
    const flags = [...source.matchAll(/\.option\('(--\w+)/g)].map(([, flag]) => flag);
    expect(cells(/--\w+/g).sort()).toEqual(flags.sort());
  });
});
