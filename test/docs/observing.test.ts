import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logCall } from '../../src/handler/log';
import { root } from '../support/programs';

// That its lines are real is tested where functions run: test/e2e/log.test.ts.

const page = readFileSync(join(root, 'docs', 'observing.md'), 'utf8');
/** What the first cells of a section's first table name. */
const names = (title: string) => {
  const [, section] = page.split(`## ${title}\n`);
  const [table] = section!.slice(section!.indexOf('\n|---')).split('\n\n');
  const cells = table!.split('\n').flatMap((row) => (row.startsWith('| `') ? row.split('|')[1]! : []));
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
};

test('has each field of a line, in its order', () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  const all = Object.fromEntries(
    [
      'result',
      'rule',
      'previous_profile',
      'profile',
      'replay',
      'replayed',
      'policy',
      'why',
      'nearest',
      'code',
      'message',
    ].map((name) => [name, name]),
  );
  const body = {
    ...all,
    plan: [{ step: 'create', webhook: 'crm' }],
    conversations: [{ result: 'failed' }],
    warnings: ['a warning'],
  };
  const counts = { status: 200, calls: 1, retries: 1, ms: 1 };
  logCall({ operation: 'sync', conversation: 'CH1', event: 'onMessageAdded', index: 0, body, ...counts });
  expect(names('Fields')).toEqual(Object.keys(JSON.parse(warn.mock.calls[0]![0])));
});

test('has only warnings that the functions know', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
    .join('\n');
  const [, table] = page.split('| in `warnings` |');
  const texts = [...table!.split('\n\n')[0]!.matchAll(/^\| `(?:… )?(.+?)(?: …)?` \|/gm)].map(
    ([, text]) => text!,
  );
  expect(texts.length).toBeGreaterThan(6);
  for (const text of texts) expect(sources).toContain(text.replace(/ create$/, '').replace('5 s', ''));
});
