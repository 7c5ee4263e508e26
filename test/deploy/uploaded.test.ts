import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { apiClient } from '../support/api';
import { get, post } from '../support/call';
import { emulatorEnvironment, root, startEmulator, startFunctions } from '../support/programs';
import { fileOf, openDeployment } from '../support/serverless/deployment';

// What `npm run deploy` uploaded works by itself: in its own folder, with the packages that the build asks for and no other.

let folder: string;
let functionFiles: string[];
let emulator: Awaited<ReturnType<typeof startEmulator>>;
let functions: Awaited<ReturnType<typeof startFunctions>>;

beforeAll(async () => {
  const project = await openDeployment();
  try {
    project.environment({
      ...project.credentials,
      BOT_FLOW_SID: `${emulatorEnvironment().BOT_FLOW_SID}`,
      CRM_URL: 'https://crm.example',
    });
    expect(await project.deploy()).toMatchObject({ code: 0 });
    folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
    const files = project.deployed().map((file) => ({ name: join(folder, fileOf(file)), ...file }));
    for (const { name, content } of files) put(name, content);
    functionFiles = files.filter(({ room }) => room === 'functions').map(({ name }) => name);
    install(project.dependencies());
  } finally {
    await project.close();
  }
  emulator = await startEmulator();
  functions = await startFunctions(
    { TWILIO_API_BASE_URL: emulator.origin, CRM_URL: `${emulator.origin}/_emulator/receiver` },
    { cwd: folder },
  );
});
afterAll(async () => {
  await functions?.stop();
  await emulator?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

function put(file: string, content: Buffer | string) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** A package.json with these dependencies, and they alone in node_modules. */
function install(dependencies: readonly { name: string; version: string }[]) {
  const versions = Object.fromEntries(dependencies.map(({ name, version }) => [name, version]));
  put(join(folder, 'package.json'), JSON.stringify({ name: 'uploaded', dependencies: versions }));
  for (const name of Object.keys(versions)) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
  }
}

test('has functions that import only Node modules', async () => {
  const { metafile } = await build({
    entryPoints: functionFiles,
    outdir: folder,
    bundle: true,
    packages: 'external',
    platform: 'node',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(imports.length).toBeGreaterThanOrEqual(functionFiles.length);
  expect(imports.filter((path) => !isBuiltin(path))).toEqual([]);
});

test('attaches, syncs, and changes the profile at an event', async () => {
  const api = apiClient(emulator.origin);
  const { sid: ConversationSid } = await api.conversations.create({});
  await api.conversations(ConversationSid).participants.create({ identity: 'customer' });
  const call = (name: string, form: Record<string, string>) =>
    post(`${functions.origin}/webhooks/${name}`, { ConversationSid, ...form });
  const own = { Target: 'webhook', Filters: 'onMessageAdded', Url: 'https://own.example/in' };
  expect(await call('attach', own)).toMatchObject({ status: 201, body: { result: 'created' } });
  expect(await call('sync', { Profile: 'bot' })).toMatchObject({
    status: 200,
    body: { profile: 'bot', result: 'changed', count: 4 },
  });

  const said = await post(`${emulator.origin}/_emulator/conversations/${ConversationSid}/messages`, {
    Source: 'SDK',
    Body: 'I need a human',
  });
  expect(said).toMatchObject({ body: { index: 0 } });
  await get(`${emulator.origin}/_emulator/idle`);

  const { body } = await call('list', {});
  const listeners = body.webhooks.map(
    ({ target, configuration: { url } }: { target: string; configuration: { url?: string } }) =>
      url?.replace(/^http:\/\/[^/]+/, '').replace(/&.*/, '') ?? target,
  );
  expect(listeners.sort()).toEqual([
    '/_emulator/receiver',
    '/_emulator/receiver/urgent',
    '/events/conversation?Profile=agent',
    'https://own.example/in',
  ]);
});

test('serves its page, but not the policy', async () => {
  expect(await (await fetch(`${functions.origin}/index.html`)).text()).toContain('conversation-webhooks');
  expect((await fetch(`${functions.origin}/policy.json`)).status).toBe(403);
});
