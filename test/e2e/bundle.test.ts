import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/programs';

const folder = join(root, 'dist', 'functions');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
);

test('each function is protected, and there is one for each operation', () => {
  expect(files.sort()).toEqual(
    ['attach', 'detach', 'fetch', 'list', 'update'].map((name) => join('webhooks', `${name}.protected.js`)),
  );
});

test.each(files)('%s is at most 64 KB, and stands on Node alone', (name) => {
  const code = readFileSync(join(folder, name), 'utf8');
  expect(code.length).toBeLessThanOrEqual(64 * 1024);
  const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]);
  expect([...new Set(required)].sort()).toEqual(['node:http', 'node:https', 'util']);
});
