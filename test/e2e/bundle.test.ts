import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { DEMO_BUNDLE, root } from '../support/programs';

const folder = join(root, DEMO_BUNDLE, 'functions');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
);

const built = [
  'events/conversation.protected.js',
  'events/studio.protected.js',
  'status.js',
  ...['attach', 'detach', 'fetch', 'list', 'sync', 'update'].map((name) => `webhooks/${name}.protected.js`),
];

test('protects every function except status', () => {
  expect(files.map((name) => name.split(sep).join('/')).sort()).toEqual(built);
});

test('keeps the policy private', () => {
  expect(readdirSync(join(root, DEMO_BUNDLE, 'assets')).sort()).toEqual([
    'index.html',
    'policy.private.json',
  ]);
});

test.each(files)('keeps %s under 82 KB and free of packages', (name) => {
  const code = readFileSync(join(folder, name), 'utf8');
  expect(code.length).toBeLessThanOrEqual(82 * 1024);
  const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]);
  const requests = name === 'status.js' ? [] : ['node:http', 'node:https', 'util'];
  const policy = /events|sync|status/.test(name) ? ['node:crypto', 'node:vm'] : [];
  expect([...new Set(required)].sort()).toEqual([...requests, ...policy].sort());
});
