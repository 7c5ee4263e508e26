import { studio } from '../../cli/studio/studio';
import { faultsOf } from '../flows/check';
import { DOMAIN } from '../support/filled-flow';
import { type Flow, readFlow } from '../support/flow';
import { root } from '../support/programs';

// `npm run studio`, which prints a flow with the URLs and SIDs of an account.

async function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const printed = { stdout: '', stderr: '' };
  const code = await studio(args, env, {
    folder: root,
    out: (line) => {
      printed.stdout += line;
    },
    err: (line) => {
      printed.stderr += line;
    },
  });
  return { code, ...printed };
}

/** A flow as it prints it, for DOMAIN. */
async function filledFlow(name: string, ...args: readonly string[]): Promise<Flow> {
  const { code, stdout, stderr } = await run([name, '--url', DOMAIN, ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const sid = (prefix: string, digit: string) => prefix + digit.repeat(32);
const service = ['--service-sid', sid('ZS', '1'), '--environment-sid', sid('ZE', '2')];
const monitor = ['--monitor-url', 'https://monitor.example.com/in?a="b"'];

test('fills in the URL of each function, and changes nothing else', async () => {
  const flow = await filledFlow('hand-off');
  expect(faultsOf(flow)).toEqual([]);
  const before = JSON.stringify(readFlow('hand-off'));
  expect(before).toContain('https://YOUR-DOMAIN/');
  expect(JSON.stringify(flow)).toBe(before.replaceAll('https://YOUR-DOMAIN', DOMAIN));
});

test('fills in the URL of the monitor as it was typed', async () => {
  const flow = await filledFlow('keyword-monitor', ...monitor);
  expect(faultsOf(flow)).toEqual([]);
  expect(JSON.stringify(flow)).not.toContain('YOUR-');
  const attach = flow.states.find(({ name }) => name === 'attach');
  expect(attach?.properties.parameters).toContainEqual({ key: 'Url', value: monitor[1] });
});

test('fills in the SIDs of each function', async () => {
  const flow = await filledFlow(
    'keyword-monitor',
    ...monitor,
    ...service,
    '--function-sid',
    `/webhooks/attach=${sid('ZH', 'a')}`,
    '--function-sid',
    `/webhooks/detach=${sid('ZH', 'd')}`,
  );
  const sids = flow.states.flatMap(({ name, properties }) =>
    properties.url === undefined ? [] : [{ name, ...properties }],
  );
  const both = { service_sid: sid('ZS', '1'), environment_sid: sid('ZE', '2') };
  expect(sids).toMatchObject([
    { name: 'attach', ...both, function_sid: sid('ZH', 'a') },
    { name: 'detach', ...both, function_sid: sid('ZH', 'd') },
  ]);
});

const url = ['--url', DOMAIN];
const sids = (...args: string[]) => ['hand-off', ...url, ...args];
const HELP = 'see npm run studio -- --help';

test.each<[what: string, args: string[], sentence: string]>([
  ['no flow', [], `missing required argument flow; ${HELP}`],
  [
    'an unknown flow',
    ['hand-of', ...url],
    '"hand-of" is not a flow of this bundle; did you mean "hand-off"?',
  ],
  ['another flow', ['ivr', ...url], '"ivr" is not a flow of this bundle; use hand-off or keyword-monitor'],
  ['two flows', ['hand-off', 'keyword-monitor', ...url], `unexpected argument; ${HELP}`],
  ['no URL', ['hand-off'], '--url is missing; use --url https://DOMAIN, or set CONVERSATION_WEBHOOKS_URL'],
  ['a host alone', ['hand-off', '--url', 'a-1234-dev.twil.io'], '--url must begin with https://;'],
  ['http', ['hand-off', '--url', 'http://a-1234-dev.twil.io'], '--url must be https;'],
  ['the placeholder', ['hand-off', '--url', 'https://YOUR-DOMAIN'], '--url must contain a domain;'],
  ['a path', ['hand-off', '--url', `${DOMAIN}/webhooks`], '--url must not have a path;'],
  [
    'no monitor',
    ['keyword-monitor', ...url],
    '--monitor-url is missing; keyword-monitor needs an https URL of yours',
  ],
  ...['http://monitor.example.com', 'https://YOUR-MONITOR/keywords', 'monitor'].map(
    (text): [string, string[], string] => [
      `${text} as the monitor`,
      ['keyword-monitor', ...url, '--monitor-url', text],
      '--monitor-url must be an https URL of yours, such as',
    ],
  ),
  [
    'a monitor too many',
    ['hand-off', ...url, ...monitor],
    '--monitor-url is not used by hand-off; leave it out',
  ],
  ['an unknown option', ['hand-off', ...url, '--domain', 'x'], `unknown option --domain; ${HELP}`],
  ['a typo', ['hand-off', '--ulr', DOMAIN], 'unknown option --ulr; did you mean --url?'],
  ['a secret', ['hand-off', ...url, '--auth-token=pass-42'], 'secrets are not accepted as arguments'],
  ['some SIDs', sids(...service), '--function-sid /webhooks/sync=ZH… is missing or malformed'],
  ['a service alone', sids(...service.slice(0, 2)), '--environment-sid ZE… is missing or malformed'],
  [
    'a SID of something else',
    sids('--service-sid', sid('ZE', '1')),
    '--service-sid ZS… is missing or malformed',
  ],
])('rejects %s in one sentence, with exit code 2', async (_what, args, sentence) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.slice(0, sentence.length)).toBe(sentence);
  expect(stderr).not.toMatch(/\n|pass-42/);
});

test('takes the URL from CONVERSATION_WEBHOOKS_URL, unless --url names another one', async () => {
  const env = { AUTH_TOKEN: 'pass-42', CONVERSATION_WEBHOOKS_URL: 'https://bots.twil.io' };
  const urls = async (...args: string[]) => {
    const { stdout } = await run(['hand-off', ...args], env);
    return [...new Set(stdout.match(/https:\/\/[^/"]*twil\.io/g))];
  };
  expect(await urls()).toEqual(['https://bots.twil.io']);
  expect(await urls(...url)).toEqual([DOMAIN]);
});
