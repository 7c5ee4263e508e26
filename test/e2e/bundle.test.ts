import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { build } from 'esbuild';
import { buildPolicy } from '../support/policy';
import { DEMO_BUNDLE, DEMO_POLICY, root } from '../support/programs';
import { maxKb } from '../support/sizes';

const folder = join(root, DEMO_BUNDLE, 'functions');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
);

const built = [
  'events/conversation.protected.js',
  'events/studio.protected.js',
  'flex/list.js',
  'flex/sync.js',
  'status.js',
  ...['attach', 'detach', 'fetch', 'list', 'sync', 'update'].map((name) => `webhooks/${name}.protected.js`),
];

test('protects every function except status and those for Flex', () => {
  expect(files.map((name) => name.split(sep).join('/')).sort()).toEqual(built);
});

test('keeps the policy private', () => {
  expect(readdirSync(join(root, DEMO_BUNDLE, 'assets')).sort()).toEqual([
    'assets',
    'index.html',
    'policy.private.json',
  ]);
});

test('reads of the policy only what the build wrote', () => {
  const built = readFileSync(join(root, DEMO_BUNDLE, 'assets', 'policy.private.json'), 'utf8');
  expect(built).toBe(buildPolicy(DEMO_POLICY));
});

test('bundles nothing that only the build needs', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: built.map((name) => `src/functions/${name.replace(/\.js$/, '.ts')}`),
    outdir: join(root, 'build', 'unused'),
    bundle: true,
    platform: 'node',
    metafile: true,
    write: false,
  });
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? file : [])),
  );
  const policy = new Set(bundled.filter((file) => file.startsWith('src/policy/')));
  expect([...policy].sort()).toEqual(
    [
      'calendar',
      ...['conversation-fields', 'evaluate', 'field-path', 'pattern', 'words'].map(
        (name) => `conditions/${name}`,
      ),
      ...['hash', 'issues', 'load', 'match', 'nearest', 'policy', 'rule', 'variables', 'webhooks'],
    ].map((name) => `src/policy/${name}.ts`),
  );
});

test.each(files)('keeps %s small and free of packages', (name) => {
  const code = readFileSync(join(folder, name), 'utf8');
  expect(code.length).toBeLessThanOrEqual(
    maxKb(
      name
        .split(sep)
        .join('/')
        .replace(/(\.protected)?\.js$/, ''),
    ) * 1024,
  );
  const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]);
  const requests = name === 'status.js' ? [] : ['node:http', 'node:https'];
  const policy = name.includes('fetch') ? [] : ['node:crypto'];
  const patterns = name.endsWith('conversation.protected.js') ? ['node:vm'] : [];
  expect([...new Set(required)].sort()).toEqual([...requests, ...policy, ...patterns].sort());
});
