import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../support/programs';
import { openDeployment } from '../support/serverless/deployment';

// What `npm run deploy` rejects, before it sends anything.

let project: Awaited<ReturnType<typeof openDeployment>>;
let good: Record<string, string>;
beforeAll(async () => {
  project = await openDeployment();
  good = {
    ...project.credentials,
    BOT_FLOW_SID: `FW${'b'.repeat(32)}`,
    CRM_URL: 'https://crm.example/events',
  };
});
beforeEach(() => project.environment(good));
// Nothing that a test leaves behind is in the way of the next one.
afterEach(() => {
  rmSync(path('.env.prod'), { force: true });
  project.restoreSource();
});
afterAll(() => project?.close());

const path = (...parts: string[]) => join(project.folder, ...parts);
async function expectRefusal(stderr: string | RegExp, args: readonly string[] = []) {
  expect(await project.deploy(args)).toEqual({
    code: 1,
    stdout: '',
    stderr: typeof stderr === 'string' ? `${stderr}\n` : expect.stringMatching(stderr),
  });
  expect(project.api.calls).toEqual([]);
  expect(existsSync(path('.twiliodeployinfo'))).toBe(false);
}

test('rejects a missing file of variables', async () => {
  rmSync(path('.env'));
  await expectRefusal('.env cannot be read; copy .env.example to it and fill it in');
  await expectRefusal('.env.prod cannot be read; copy .env.example to it and fill it in', [
    '--env',
    '.env.prod',
  ]);
});

test('prints its options with --help, without variables', async () => {
  rmSync(path('.env'));
  expect(await project.deploy(['--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('--override-existing-project'),
  });
  expect(project.api.calls).toEqual([]);
});

test('rejects a typing error, which twilio-run would ignore', async () => {
  for (const [args, stderr] of [
    [['--enviroment', 'prod'], 'unknown option --enviroment; did you mean --environment?\n'],
    [['--env'], '--env needs a value; see npm run deploy -- --help\n'],
    [['prod'], 'unexpected argument; see npm run deploy -- --help\n'],
  ] as const)
    expect(await project.deploy(args)).toEqual({ code: 2, stdout: '', stderr });
  expect(project.api.calls).toEqual([]);
});

test('accepts each option of twilio-run, and no other', async () => {
  const twilioRun = await runToEnd('node_modules/twilio-run/bin/twilio-run.js', ['deploy', '--help'], {});
  const listed = (help: string) => [
    ...new Set(
      [...help.matchAll(/^ +(?:-\w, )?((?:--[a-z-]+(?:, )?)+)/gm)].flatMap(([, names]) => names!.split(', ')),
    ),
  ];
  const { stdout } = await project.deploy(['--help']);
  const theirs = listed(twilioRun.stdout).filter((name) => name !== '--version');
  expect(new Set(listed(stdout))).toEqual(new Set([...theirs, '--no-assets', '--no-functions']));
});

test('names all required variables that are missing or empty', async () => {
  project.environment({ TWILIO_EDGE: 'dublin', CRM_URL: '' });
  await expectRefusal(
    'ACCOUNT_SID, AUTH_TOKEN, BOT_FLOW_SID and CRM_URL are not set in .env; see .env.example',
  );
  project.environment({ ...good, AUTH_TOKEN: '' }, '.env.prod');
  await expectRefusal('AUTH_TOKEN is not set in .env.prod; see .env.example', ['--env=.env.prod']);
});

test('rejects a file that twilio-run would parse differently', async () => {
  const { CRM_URL = '', ...others } = good;
  project.environment({ ...others, 'export CRM_URL': CRM_URL });
  await expectRefusal('CRM_URL is not set in .env; see .env.example');
  project.environment({ ...others, CRM_URL: `"${CRM_URL}" # production` });
  await expectRefusal(/^policy\.private\.json: webhooks\.crm\.url: /);
});

test('rejects a policy with a variable that is not set', async () => {
  const policy = readFileSync(path('src', 'assets', 'policy.private.json'), 'utf8');
  writeFileSync(path('src', 'assets', 'policy.private.json'), policy.replace('{CRM_URL}/', '{SOS_URL}/'));
  await expectRefusal('policy.private.json: SOS_URL is not set in the environment');
});

test.each(['http://127.0.0.1:4010', 'http://localhost:4010/', 'https://[::1]:4010', 'http://0.0.0.0:4010'])(
  'rejects the emulator at %s',
  async (origin) => {
    project.environment({ ...good, TWILIO_API_BASE_URL: origin });
    await expectRefusal(
      `TWILIO_API_BASE_URL in .env is ${new URL(origin).host}, on this machine, ` +
        'which a deployed function cannot reach; leave it empty',
    );
  },
);

test('rejects an API that is not an https origin', async () => {
  for (const TWILIO_API_BASE_URL of ['http://api.example', 'api.example']) {
    project.environment({ ...good, TWILIO_API_BASE_URL });
    await expectRefusal(
      'TWILIO_API_BASE_URL in .env must be an https origin, or every request of a deployed function fails; leave it empty',
    );
  }
});

test('rejects an invalid policy', async () => {
  const policy = readFileSync(path('src', 'assets', 'policy.private.json'), 'utf8');
  writeFileSync(
    path('src', 'assets', 'policy.private.json'),
    policy.replace('"profile": "agent"', '"profile": "agnt"'),
  );
  await expectRefusal(/^policy\.private\.json: rules\["asks-for-human"\]\.profile: "agnt" is not a profile/);
});

test('rejects a policy of which a case fails', async () => {
  const cases = path('policy.tests.yaml');
  writeFileSync(cases, '- { name: greets, events: [{ onConversationAdded: }], expect: { profile: agent } }');
  try {
    await expectRefusal(/^"greets" failed\n {2}expected profile agent, got bot: /);
  } finally {
    rmSync(cases);
  }
});

test('rejects a webhook to this machine, or to a host that is not allowed', async () => {
  project.environment({ ...good, CRM_URL: 'http://localhost:4010/crm' });
  await expectRefusal(/^policy\.private\.json: webhooks\.crm\.url: /);
  project.environment({ ...good, WEBHOOK_URL_ALLOWLIST: 'other.example' });
  await expectRefusal(/^policy\.private\.json: webhooks\.crm\.url: .*WEBHOOK_URL_ALLOWLIST/);
});

test('rejects a build without one of its functions, or with one that does not load', async () => {
  writeFileSync(path('src', 'functions', 'webhooks', 'more.protected.ts'), "throw new Error('no');");
  await expectRefusal('no');
  rmSync(path('src', 'functions', 'webhooks', 'more.protected.ts'));
  rmSync(path('src', 'functions', 'webhooks', 'list.protected.ts'));
  await expectRefusal('build is incomplete: webhooks/list.protected.js missing');
});
