import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { root } from '../support/programs';

const folder = join(root, 'dist', 'functions');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
);

const paths = [
  'events/conversation',
  'events/studio',
  ...['attach', 'detach', 'fetch', 'list', 'sync', 'update'].map((name) => `webhooks/${name}`),
];

test('each function is protected, and there is one for each path', () => {
  expect(files.map((name) => name.split(sep).join('/')).sort()).toEqual(
    paths.map((path) => `${path}.protected.js`),
  );
});

test('the policy is private', () => {
  expect(readdirSync(join(root, 'dist', 'assets')).sort()).toEqual(['index.html', 'policy.private.json']);
});

test.each(files)('%s is at most 64 KB, and stands on Node alone', (name) => {
  const code = readFileSync(join(folder, name), 'utf8');
  expect(code.length).toBeLessThanOrEqual(64 * 1024);
  const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]);
  const limits = /events|sync/.test(name) ? ['node:vm'] : [];
  expect([...new Set(required)].sort()).toEqual(['node:http', 'node:https', ...limits, 'util']);
});
