import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDeployment } from '../support/serverless/deployment';

// What `npm run deploy` does not deploy. Each time nobody is asked anything.

let project: Awaited<ReturnType<typeof openDeployment>>;
let good: Record<string, string>;
beforeEach(async () => {
  project = await openDeployment();
  good = {
    ...project.credentials,
    BOT_FLOW_SID: `FW${'b'.repeat(32)}`,
    CRM_URL: 'https://crm.example/events',
  };
  project.environment(good);
});
afterEach(() => project.close());

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

test('no file of variables', async () => {
  rmSync(path('.env'));
  await expectRefusal('.env cannot be read; copy .env.example to it and fill it in');
  await expectRefusal('.env.prod cannot be read; copy .env.example to it and fill it in', [
    '--env',
    '.env.prod',
  ]);
  await expectRefusal('--env needs the name of a file', ['--env']);
});

test('--help needs no variables, and deploys nothing', async () => {
  rmSync(path('.env'));
  expect(await project.deploy(['--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('--override-existing-project'),
  });
  expect(project.api.calls).toEqual([]);
});

test('required variables that are missing or empty, all of them at once', async () => {
  project.environment({ TWILIO_EDGE: 'dublin', CRM_URL: '' });
  await expectRefusal(
    'ACCOUNT_SID, AUTH_TOKEN, BOT_FLOW_SID and CRM_URL are not set in .env; .env.example says what belongs there',
  );
  project.environment({ ...good, AUTH_TOKEN: '' }, '.env.prod');
  await expectRefusal('AUTH_TOKEN is not set in .env.prod; .env.example says what belongs there', [
    '--env=.env.prod',
  ]);
});

test('variables as twilio-run does not read them, which would send none or others', async () => {
  const { CRM_URL = '', ...others } = good;
  project.environment({ ...others, 'export CRM_URL': CRM_URL });
  await expectRefusal('CRM_URL is not set in .env; .env.example says what belongs there');
  project.environment({ ...others, CRM_URL: `"${CRM_URL}" # production` });
  await expectRefusal(/^policy\.private\.json: webhooks\.crm\.url: /);
});

test('a variable that .env.example does not know and the policy needs', async () => {
  const policy = readFileSync(path('src', 'assets', 'policy.private.json'), 'utf8');
  writeFileSync(path('src', 'assets', 'policy.private.json'), policy.replace('{CRM_URL}/', '{SOS_URL}/'));
  await expectRefusal('policy.private.json: SOS_URL is not set in the environment');
});

test.each(['http://127.0.0.1:4010', 'http://localhost:4010/', 'https://[::1]:4010', 'http://0.0.0.0:4010'])(
  'the emulator at %s',
  async (origin) => {
    project.environment({ ...good, TWILIO_API_BASE_URL: origin });
    await expectRefusal(
      `TWILIO_API_BASE_URL in .env is ${new URL(origin).host}, on this machine, ` +
        'where a deployed function finds no emulator; leave it empty',
    );
  },
);

test('an API that the functions would refuse to ask', async () => {
  for (const TWILIO_API_BASE_URL of ['http://api.example', 'api.example']) {
    project.environment({ ...good, TWILIO_API_BASE_URL });
    await expectRefusal(
      'TWILIO_API_BASE_URL in .env is no https origin, without which a deployed function answers errors alone; leave it empty',
    );
  }
});

test('a policy with a mistake', async () => {
  const policy = readFileSync(path('src', 'assets', 'policy.private.json'), 'utf8');
  writeFileSync(
    path('src', 'assets', 'policy.private.json'),
    policy.replace('"profile": "agent"', '"profile": "agnt"'),
  );
  await expectRefusal(/^policy\.private\.json: rules\[1\]\.profile: "agnt" is not a profile/);
});

test('a webhook that would call this machine, or a host that is not allowed', async () => {
  project.environment({ ...good, CRM_URL: 'http://localhost:4010/crm' });
  await expectRefusal(/^policy\.private\.json: webhooks\.crm\.url: /);
  project.environment({ ...good, WEBHOOK_URL_ALLOWLIST: 'other.example' });
  await expectRefusal(/^policy\.private\.json: webhooks\.crm\.url: .*WEBHOOK_URL_ALLOWLIST/);
});

test('a build without one of its functions, or with one that does not load', async () => {
  writeFileSync(path('src', 'functions', 'webhooks', 'more.protected.ts'), "throw new Error('no');");
  await expectRefusal('no');
  rmSync(path('src', 'functions', 'webhooks', 'more.protected.ts'));
  rmSync(path('src', 'functions', 'webhooks', 'list.protected.ts'));
  await expectRefusal('build is incomplete: webhooks/list.protected.js missing');
});
