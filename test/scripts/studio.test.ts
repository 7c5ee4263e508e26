import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { faultsOf } from '../flows/check';
import { DOMAIN, filledFlow } from '../support/filled-flow';
import { readFlow } from '../support/flow';
import { root } from '../support/programs';

// `npm run studio`, which prints a flow with the URLs and SIDs of an account.

const sid = (prefix: string, digit: string) => prefix + digit.repeat(32);
const service = ['--service-sid', sid('ZS', '1'), '--environment-sid', sid('ZE', '2')];
const monitor = ['--monitor-url', 'https://monitor.example.com/in?a="b"'];

test('fills in the URL of each function, and changes nothing else', () => {
  const flow = filledFlow('hand-off');
  expect(faultsOf(flow)).toEqual([]);
  const before = JSON.stringify(readFlow('hand-off'));
  expect(before).toContain('https://YOUR-DOMAIN/');
  expect(JSON.stringify(flow)).toBe(before.replaceAll('https://YOUR-DOMAIN', DOMAIN));
});

test('fills in the URL of the monitor as it was typed', () => {
  const flow = filledFlow('keyword-monitor', ...monitor);
  expect(faultsOf(flow)).toEqual([]);
  expect(JSON.stringify(flow)).not.toContain('YOUR-');
  const attach = flow.states.find(({ name }) => name === 'attach');
  expect(attach?.properties.parameters).toContainEqual({ key: 'Url', value: monitor[1] });
});

test('fills in the SIDs of each function', () => {
  const flow = filledFlow(
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
test.each([
  ['no flow', [], /^the name of a flow is missing; use hand-off or keyword-monitor$/],
  ['an unknown flow', ['hand-of', ...url], /^"hand-of" is unknown; did you mean hand-off\?$/],
  [
    'two flows',
    ['hand-off', 'keyword-monitor', ...url],
    /^too many arguments; see npm run studio -- --help$/,
  ],
  ['no URL', ['hand-off'], /^--url must be an https URL of yours, such as --url https:/],
  ['a host alone', ['hand-off', '--url', 'a-1234-dev.twil.io'], /^--url must be/],
  ['http', ['hand-off', '--url', 'http://a-1234-dev.twil.io'], /^--url must be/],
  ['the placeholder', ['hand-off', '--url', 'https://YOUR-DOMAIN'], /^--url must be/],
  ['no monitor', ['keyword-monitor', ...url], /^--monitor-url must be/],
  [
    'a monitor too many',
    ['hand-off', ...url, ...monitor],
    /^--monitor-url is not used by hand-off; leave it out$/,
  ],
  ['a path', ['hand-off', '--url', `${DOMAIN}/webhooks`], /^--url must not have a path;/],
  [
    'an unknown option',
    ['hand-off', ...url, '--domain', 'x'],
    /^unknown option --domain; see npm run studio -- --help$/,
  ],
  [
    'some SIDs',
    ['hand-off', ...url, ...service],
    /^--function-sid \/webhooks\/sync=ZH… is missing or malformed/,
  ],
  ['a SID of something else', ['hand-off', ...url, '--service-sid', sid('ZE', '1')], /^--service-sid ZS…/],
])('rejects %s in one sentence, with exit code 2', (_what, args, sentence) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'studio.mjs'), ...args],
    { encoding: 'utf8' },
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim()).toMatch(sentence);
  expect(stderr.trim()).not.toContain('\n');
});
