import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, type JournalHeader, parseJournal } from '../../../cli/fleet/journal';

const header: JournalHeader = {
  journal: 1,
  command: 'sync',
  account: 'AC1',
  deployment: 'https://bots-1234.twil.io',
  policy: 'f3Gh5k',
  plan: undefined,
};
const FILE = 'fleet.journal.jsonl';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = () => readFileSync(join(folder, FILE), 'utf8');
const open = (resume: boolean, of = header) => Journal.open(folder, FILE, of, resume);

function killedRun() {
  const journal = open(false);
  journal.note({ conversation: 'CH1', result: 'begun' });
  journal.note({ conversation: 'CH1', result: 'changed', steps: ['update router'] });
  journal.note({ conversation: 'CH2', result: 'begun' });
  return journal;
}

test('resumes a run that was killed', () => {
  killedRun();
  const { results } = open(true);
  expect([...results]).toEqual([
    ['CH1', 'changed'],
    ['CH2', 'begun'],
  ]);
});

test('goes on after a kill at any byte', () => {
  killedRun();
  const whole = Buffer.from(text());
  const headerEnds = whole.indexOf('\n') + 1;
  for (let bytes = headerEnds; bytes <= whole.length; bytes++) {
    writeFileSync(join(folder, FILE), whole.subarray(0, bytes));
    const journal = open(true);
    journal.note({ conversation: 'CH3', result: 'changed' });
    journal.finish();
    const { results, finished } = parseJournal(text())!;
    expect(finished).toBe(true);
    expect(results.get('CH3')).toBe('changed');
    expect([...results.keys()].filter((sid) => !['CH1', 'CH2', 'CH3'].includes(sid))).toEqual([]);
  }
});

test('begins anew after a run that finished', () => {
  killedRun().finish();
  expect(() => open(true)).toThrow(`${FILE} is of a run that has finished; leave out --resume`);
  expect(open(false).results.size).toBe(0);
  expect(text().trimEnd().split('\n')).toHaveLength(1);
});

test('does not overwrite a run that did not finish, nor another file', () => {
  killedRun();
  const before = text();
  expect(() => open(false)).toThrow(`${FILE} is of a run that did not finish; use --resume`);
  expect(text()).toBe(before);
  writeFileSync(join(folder, FILE), 'notes\n');
  for (const resume of [true, false]) expect(() => open(resume)).toThrow(`${FILE} is not a journal`);
  expect(text()).toBe('notes\n');
});

test.each([
  { command: 'retire' as const },
  { policy: 'other1' },
  { plan: '2026-11-28T00:00:00Z' },
  { account: 'AC2' },
])('does not resume the run of another %j', (other) => {
  killedRun();
  expect(() => open(true, { ...header, ...other })).toThrow(`${FILE} is of another run`);
});

test('rejects a resume without a journal', () => {
  expect(() => open(true)).toThrow(`${FILE} does not exist; leave out --resume to begin a new run`);
});

test('rejects a file with lines of something else', () => {
  killedRun();
  appendFileSync(join(folder, FILE), '{"foo": 1}\n');
  expect(parseJournal(text())).toBeUndefined();
  expect(parseJournal('')).toBeUndefined();
  expect(parseJournal('{"report":1}\n')).toBeUndefined();
});
