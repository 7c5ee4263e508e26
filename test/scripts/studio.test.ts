import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { faultsOf } from '../flows/check';
import { DOMAIN, filledFlow } from '../support/filled-flow';
import { readFlow } from '../support/flow';
import { root } from '../support/programs';

// `npm run studio`, which prints a flow with what differs from account to account filled in.

const sid = (prefix: string, digit: string) => prefix + digit.repeat(32);
const service = ['--service-sid', sid('ZS', '1'), '--environment-sid', sid('ZE', '2')];
const monitor = ['--monitor-url', 'https://monitor.example.com/in?a="b"'];

test('the URL of each function is filled in, and nothing else is changed', () => {
  const flow = filledFlow('hand-off');
  expect(faultsOf(flow)).toEqual([]);
  const before = JSON.stringify(readFlow('hand-off'));
  expect(before).toContain('https://YOUR-DOMAIN/');
  expect(JSON.stringify(flow)).toBe(before.replaceAll('https://YOUR-DOMAIN', DOMAIN));
});

test('so is that of the monitor, as it was written', () => {
  const flow = filledFlow('keyword-monitor', ...monitor);
  expect(faultsOf(flow)).toEqual([]);
  expect(JSON.stringify(flow)).not.toContain('YOUR-');
  const attach = flow.states.find(({ name }) => name === 'attach');
  expect(attach?.properties.parameters).toContainEqual({ key: 'Url', value: monitor[1] });
});

test('with the SIDs, each widget has those of its function', () => {
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

test('--help tells the usage', () => {
  const script = join(root, 'scripts', 'studio.mjs');
  const { status, stdout } = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^npm run studio -- hand-off/),
  });
});

const url = ['--url', DOMAIN];
test.each([
  ['no flow', [], /^which flow\? npm run studio -- hand-off\|keyword-monitor --url/],
  ['an unknown flow', ['hand-of', ...url], /^which flow\?/],
  ['two flows', ['hand-off', 'keyword-monitor', ...url], /^which flow\?/],
  ['no URL', ['hand-off'], /^--url has to be an https URL of yours, such as --url https:/],
  ['a host alone', ['hand-off', '--url', 'a-1234-dev.twil.io'], /^--url has to be/],
  ['http', ['hand-off', '--url', 'http://a-1234-dev.twil.io'], /^--url has to be/],
  ['the placeholder', ['hand-off', '--url', 'https://YOUR-DOMAIN'], /^--url has to be/],
  ['no monitor', ['keyword-monitor', ...url], /^--monitor-url has to be/],
  ['a monitor too many', ['hand-off', ...url, ...monitor], /^--monitor-url: hand-off has no use for it/],
  ['a path', ['hand-off', '--url', `${DOMAIN}/webhooks`], /^--url takes no path;/],
  [
    'an unknown option',
    ['hand-off', ...url, '--domain', 'x'],
    /^Unknown option '--domain'\. npm run studio --/,
  ],
  ['some SIDs', ['hand-off', ...url, ...service], /^--function-sid \/webhooks\/sync=ZH… is missing/],
  ['a SID of something else', ['hand-off', ...url, '--service-sid', sid('ZE', '1')], /^--service-sid ZS…/],
])('%s: one sentence, and no flow', (_what, args, sentence) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'studio.mjs'), ...args],
    { encoding: 'utf8' },
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.trim()).toMatch(sentence);
  expect(stderr.trim()).not.toContain('\n');
});
