import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type Deployed, fileOf, openDeployment } from '../support/serverless/deployment';
import { LARGEST_KB } from '../support/sizes';

// `npm run deploy` through the real twilio-run, to a stand-in for Twilio's Serverless API.

/** All that a deployment consists of. What is not protected or private here, everybody can call. */
const DEPLOYED: Readonly<Record<string, string>> = {
  'functions /events/conversation': 'protected',
  'functions /events/studio': 'protected',
  'functions /flex/list': 'public',
  'functions /flex/sync': 'public',
  'functions /status': 'public',
  'functions /webhooks/attach': 'protected',
  'functions /webhooks/detach': 'protected',
  'functions /webhooks/fetch': 'protected',
  'functions /webhooks/list': 'protected',
  'functions /webhooks/sync': 'protected',
  'functions /webhooks/update': 'protected',
  'assets /assets/index.html': 'public',
  'assets /index.html': 'public',
  'assets /policy.json': 'private',
};
const counts = {
  functions: Object.keys(DEPLOYED).filter((name) => name.startsWith('functions')).length,
  assets: Object.keys(DEPLOYED).filter((name) => name.startsWith('assets')).length,
};

const VARIABLES = {
  BOT_FLOW_SID: `FW${'b'.repeat(32)}`,
  CRM_URL: 'https://crm.example/events?key=a&b=1',
  WEBHOOK_URL_ALLOWLIST: 'crm.example,*.bots.example',
  NOTE: 'two words, umläut & = %41',
};

let project: Awaited<ReturnType<typeof openDeployment>>;
let first: Awaited<ReturnType<typeof project.deploy>>;
let deployed: Deployed[];
beforeAll(async () => {
  project = await openDeployment();
  project.environment({ ...project.credentials, ...VARIABLES, TWILIO_EDGE: '' });
  first = await project.deploy();
  if (first.code !== 0) throw new Error(first.stderr);
  deployed = project.deployed();
});
afterAll(() => project?.close());

const list = (path: string) => project.api.resources.list(path);
const service = () => `Services/${list('Services')[0]?.sid}`;
const build = () => list(`${service()}/Builds`).at(-1);
const variables = (suffix: string) => {
  const environment = list(`${service()}/Environments`).find((each) => each.domain_suffix === suffix);
  const all = list(`${service()}/Environments/${environment?.sid}/Variables`);
  return Object.fromEntries(all.map(({ key, value }) => [key, value]));
};
/** The calls of a deployment after which nothing is there that was not there before, but for what a build is made of. */
const again = {
  'GET Services/ZS 200': 1,
  'GET Services/ZS/Environments 200': 1,
  'GET Services/ZS/Functions 200': 1,
  'POST Services/ZS/Functions/ZH/Versions 200': counts.functions,
  'GET Services/ZS/Assets 200': 1,
  'POST Services/ZS/Assets/ZH/Versions 200': counts.assets,
  'POST Services/ZS/Builds 200': 1,
  'GET Services/ZS/Builds/ZB/Status 200': 1,
  'GET Services/ZS/Environments/ZE/Variables 200': 1,
  'POST Services/ZS/Environments/ZE/Deployments 200': 1,
};
/** How often each call was made, whatever its SIDs, since the last time. */
const calls = () => {
  const counted: Record<string, number> = {};
  for (const { method, path, status } of project.api.calls.splice(0)) {
    const name = `${method} ${path.replace(/\b(Z[A-Z])[0-9a-f]{32}/g, '$1')} ${status}`;
    counted[name] = (counted[name] ?? 0) + 1;
  }
  return counted;
};

describe('the first deployment', () => {
  test('succeeds, calls nobody but Twilio, and prints the next step', () => {
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('conversation-webhooks-1234-dev.twil.io'),
    });
    expect(first.stderr).toContain('successfully deployed');
    expect(first.stderr).toMatch(/npm run setup -- --url https:\/\/DOMAIN, .*\n$/);
    // What the preload prints for any other host.
    expect(first.stdout + first.stderr).not.toContain('was refused');
    expect(project.api.calls.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test('creates one service, one environment, and one build, which the environment runs', () => {
    expect(list('Services')).toMatchObject([
      { unique_name: 'conversation-webhooks', include_credentials: 'true' },
    ]);
    expect(list(`${service()}/Environments`)).toMatchObject([
      { domain_suffix: 'dev', build_sid: build()?.sid },
    ]);
    expect(list(`${service()}/Builds`)).toHaveLength(1);
    expect(
      list(`${service()}/Environments/${list(`${service()}/Environments`)[0]?.sid}/Deployments`),
    ).toMatchObject([{ build_sid: build()?.sid }]);
  });

  test('deploys exactly the functions and assets of this list, and with no other visibility', () => {
    const names = deployed.map(({ room, path, visibility }) => [`${room} ${path}`, visibility]);
    expect(Object.fromEntries(names)).toEqual(DEPLOYED);
    expect(names).toHaveLength(Object.keys(DEPLOYED).length);
  });

  test('uploads each file of dist unchanged, and dist has no other', () => {
    const folder = join(project.folder, 'dist');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    const bytes = files.map((file) => [
      file
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
      readFileSync(file, 'latin1'),
    ]);
    expect(Object.fromEntries(bytes)).toEqual(
      Object.fromEntries(deployed.map((file) => [fileOf(file), file.content.toString('latin1')])),
    );
  });

  test(`uploads no file larger than ${LARGEST_KB} KB`, () => {
    for (const { path, content } of deployed)
      expect([path, content.length <= LARGEST_KB * 1024, content.length > 100]).toEqual([path, true, true]);
  });

  test('asks for Node 22 and the exact versions of two packages', () => {
    expect(build()).toMatchObject({ runtime: 'node22' });
    const version = expect.stringMatching(/^\d+\.\d+\.\d+$/);
    expect(project.dependencies()).toEqual([
      { name: '@twilio/runtime-handler', version },
      { name: 'twilio', version },
    ]);
  });

  test('sets the variables that have a value, unchanged, without the credentials', () => {
    expect(variables('dev')).toEqual(VARIABLES);
  });

  test('sends the auth token only as the credentials of a request', () => {
    const { ACCOUNT_SID, AUTH_TOKEN } = project.credentials;
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const unescaped = (text: string) =>
      text.replace(/%([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    const secrets = [AUTH_TOKEN, base64(AUTH_TOKEN), base64(`${ACCOUNT_SID}:${AUTH_TOKEN}`)];
    expect(project.api.calls.length).toBeGreaterThan(0);
    for (const { path, headers, body } of project.api.calls)
      for (const secret of secrets)
        for (const place of [
          path,
          JSON.stringify(headers),
          body.toString('latin1'),
          unescaped(body.toString('latin1')),
        ])
          expect(place.includes(secret)).toBe(false);
    for (const secret of secrets) expect((first.stdout + first.stderr).includes(secret)).toBe(false);
  });

  test('uploads nothing that looks like a credential or an account', () => {
    for (const { path, content } of deployed)
      expect([path, content.toString('latin1').match(/\b(AC|SK)?[0-9a-f]{32}\b/gi)]).toEqual([path, null]);
  });
});

describe('a later deployment', () => {
  beforeAll(() => calls());

  test('uploads new versions, and creates and changes nothing else', async () => {
    expect(await project.deploy()).toMatchObject({ code: 0 });
    expect(calls()).toEqual(again);
    expect(list(`${service()}/Builds`)).toHaveLength(2);
    expect(list(`${service()}/Environments`)).toMatchObject([{ build_sid: build()?.sid }]);
  });

  test('changes a variable with another value, and creates a new one', async () => {
    const changed = { ...VARIABLES, NOTE: 'three', TWILIO_EDGE: 'dublin' };
    project.environment({ ...project.credentials, ...changed });
    expect(await project.deploy()).toMatchObject({ code: 0 });
    expect(calls()).toEqual({
      ...again,
      'POST Services/ZS/Environments/ZE/Variables 200': 1,
      'POST Services/ZS/Environments/ZE/Variables/ZV 200': 1,
    });
    expect(variables('dev')).toEqual(changed);
  });

  test('sets the variables of --env in the environment of --environment', async () => {
    const other = { BOT_FLOW_SID: `FW${'c'.repeat(32)}`, CRM_URL: 'https://prod.crm.example' };
    const before = variables('dev');
    project.environment({ ...project.credentials, ...other }, '.env.prod');
    const { code, stdout } = await project.deploy(['--environment', 'prod', '--env=.env.prod', '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ domain: 'conversation-webhooks-1234-prod.twil.io' });
    expect(calls()).toEqual({
      ...again,
      'POST Services/ZS/Environments 200': 1,
      'POST Services/ZS/Environments/ZE/Variables 200': 2,
    });
    expect(variables('prod')).toEqual(other);
    expect(variables('dev')).toEqual(before);
    expect(list(`${service()}/Environments`).map((each) => each.domain_suffix)).toEqual(['dev', 'prod']);
    expect(list(`${service()}/Environments`).at(-1)).toMatchObject({ build_sid: build()?.sid });
  });

  test('needs --override-existing-project in a folder that does not know the service', async () => {
    rmSync(join(project.folder, '.twiliodeployinfo'));
    expect(await project.deploy()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already exists'),
    });
    expect(calls()).toEqual({ 'POST Services 409': 1, 'GET Services 200': 1 });
    expect(await project.deploy(['--override-existing-project'])).toMatchObject({ code: 0 });
    const { 'GET Services/ZS 200': _, ...others } = again;
    expect(calls()).toEqual({ ...others, 'POST Services 409': 1, 'GET Services 200': 1 });
    expect(list('Services')).toHaveLength(1);
  });

  test('takes empty variables from its environment with --load-system-env', async () => {
    project.environment({ ACCOUNT_SID: '', AUTH_TOKEN: '', ...VARIABLES, CRM_URL: '' }, '.env.ci');
    const env = { ...project.credentials, CRM_URL: 'https://ci.bots.example', UNNAMED: 'stays here' };
    const args = ['--load-system-env', '--env', '.env.ci', '--environment', 'ci'];
    expect(await project.deploy(args, env)).toMatchObject({ code: 0 });
    expect(variables('ci')).toEqual({ ...VARIABLES, CRM_URL: env.CRM_URL });
  });
});
