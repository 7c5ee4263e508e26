import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { fill, made, openPage } from '../support/page';
import { root } from '../support/programs';
import { useStack } from '../support/stack';

// What the page builds is pasted into a shell, as people do.

const run = promisify(execFile);
const shell = async (script: string) => JSON.parse((await run('sh', ['-c', script])).stdout);
// Says what npm would be called with, in the place of npm.
const told = `npm() { node -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- "$@"; }\n`;

const html = readFileSync(join(root, 'src', 'assets', 'index.html'), 'utf8');
const ConversationSid = 'CH00000000000000000000000000000001';
const ODD = 'a\'b"c $HOME `id` \\ \\n & ? # % %41 + = ; | <x> ! * ~ {a,b} [c] @d é 😀';

let received = '';
const recorder = createServer(async (request, response) => {
  if (request.method === 'GET') return response.setHeader('content-type', 'text/html').end(html);
  received = '';
  for await (const chunk of request) received += chunk;
  return response.end(JSON.stringify(request.url));
});

const { emulator, functions } = useStack();
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  ({ page } = await openPage(browser, functions.origin));
  await once(recorder.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  recorder.close();
  recorder.closeAllConnections();
  await browser?.close();
});

test('builds a working command for each function', async () => {
  const call = async (path: string, values: Readonly<Record<string, string>> = {}) =>
    shell(`${(await fill(page, path, values)).command} -s`);
  const Url = `${emulator.origin}/_emulator/receiver/mine?a=1&b='2'`;
  const webhook = { ConversationSid, Target: 'webhook', Url, Filters: 'onMessageAdded,onMessageUpdated' };
  const attached = await call('/webhooks/attach', webhook);
  expect(attached).toMatchObject({
    result: 'created',
    configuration: { url: Url, filters: ['onMessageAdded', 'onMessageUpdated'] },
  });
  const { sid: Sid } = attached;
  expect(await call('/webhooks/list', { ConversationSid })).toMatchObject({ count: 1 });
  expect(await call('/webhooks/fetch', { ConversationSid, Sid })).toMatchObject({ sid: Sid });
  expect(await call('/webhooks/update', { ConversationSid, Sid, Method: 'get' })).toMatchObject({
    result: 'updated',
  });
  expect(await call('/webhooks/detach', { ConversationSid, Sid })).toMatchObject({ count: 1 });
  const profile = { ConversationSid, Profile: 'bot', DryRun: 'true' };
  expect(await call('/webhooks/sync', profile)).toMatchObject({ result: 'planned', profile: 'bot' });
  const added = { ConversationSid, EventType: 'onConversationAdded' };
  expect(await call('/events/conversation', added)).toMatchObject({ result: 'changed', profile: 'bot' });
  const ended = { 'data.contact_channel_address': ConversationSid };
  expect(await call('/events/studio', ended)).toMatchObject({
    count: 1,
    conversations: [{ profile: 'bot' }],
  });
  expect(await call('/status')).toMatchObject({ status: 'ready' });
});

test('has no field that its function does not know', async () => {
  for (const section of await page.locator('section[data-path]:has(tbody input)').all()) {
    const path = (await section.getAttribute('data-path'))!;
    if (path === '/events/studio') continue;
    const names = await section.locator('tbody th').allInnerTexts();
    for (const field of await section.locator('input:not([type=checkbox])').all()) await field.fill('x');
    for (const field of await section.locator('.events').all())
      await fill(page, path, { Filters: await field.locator('input').first().inputValue() });
    for (const field of await section.locator('select').all()) await field.selectOption({ index: 1 });
    const command = await made(section, 'Command');
    for (const name of names.filter((name) => name !== 'Body')) expect(command).toContain(`-d ${name}=`);
    expect((await shell(`${command} -s`)).message ?? '').not.toContain('Unknown parameter');
  }
});

test('passes on whatever is typed, unchanged', async () => {
  const origin = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;
  const { page } = await openPage(browser, origin);
  const event = {
    ConversationSid: ODD,
    Body: `${ODD}\n\n second line\n`,
    Index: '@/etc/hostname',
    StateTo: 'closed',
  };
  await shell(`${(await fill(page, '/events/conversation', event)).command} -s`);
  expect(Object.fromEntries(new URLSearchParams(received))).toEqual(event);
  const ended = { 'data.contact_channel_address': ODD, ServiceSid: ODD };
  const path = await shell(`${(await fill(page, '/events/studio', ended)).command} -s`);
  expect(new URL(path, origin).searchParams.get('ServiceSid')).toBe(ODD);
  expect(JSON.parse(received)).toEqual([
    { type: 'com.twilio.studio.flow.execution.ended', data: { contact_channel_address: ODD } },
  ]);
});

test('shows the command that signs if it is deployed', async () => {
  const origin = 'https://bots-1234.twil.io';
  const { page } = await openPage(browser, origin, {}, (page) =>
    page.route(`${origin}/**`, (route) =>
      route.request().url().endsWith('.html')
        ? route.fulfill({ contentType: 'text/html', body: html })
        : route.fulfill({ json: { status: 'ready' } }),
    ),
  );
  const { command } = await fill(page, '/webhooks/attach', { ConversationSid, Url: ODD, Target: 'webhook' });
  expect(await shell(told + command)).toEqual(
    ['run', 'call', '--', 'attach', '--url', origin].concat([
      `ConversationSid=${ConversationSid}`,
      'Target=webhook',
      `Url=${ODD}`,
    ]),
  );
  const event = await fill(page, '/events/conversation', { Body: `${ODD}\n\n${ODD}` });
  expect(await shell(told + event.command)).toEqual([
    'run',
    'call',
    '--',
    '/events/conversation',
    '--url',
    origin,
    `Body=${ODD}\n\n${ODD}`,
  ]);
  expect((await fill(page, '/status', {})).command).toBe(`curl ${origin}/status`);
  expect(await page.locator('section[data-path="/events/studio"] .output').count()).toBe(0);
});

test('fills the widget with the path, each parameter, and the conversation of the flow', async () => {
  const { page } = await openPage(browser, functions.origin);
  const { section } = await fill(page, '/webhooks/attach', {
    Target: 'studio',
    FlowSid: '{{flow.flow_sid}}',
  });
  expect(await made(section, 'Run Function widget')).toBe(
    [
      'Function',
      '/webhooks/attach',
      '',
      'Function Parameters',
      'ConversationSid: {{trigger.conversation.ConversationSid}}',
      'Target: studio',
      'FlowSid: {{flow.flow_sid}}',
    ].join('\n'),
  );
});

test.each([
  ['/webhooks/attach', {}, 'ConversationSid, Target'],
  ['/webhooks/attach', { ConversationSid, Target: 'studio' }, 'FlowSid'],
  ['/webhooks/attach', { ConversationSid, Target: 'webhook' }, 'Url, Filters'],
  ['/webhooks/attach', { ConversationSid, Target: 'trigger', Url: 'https://a.example/' }, 'Triggers'],
  ['/webhooks/detach', { ConversationSid }, 'one of Sid, Target, Url, UrlPrefix, FlowSid, All'],
  ['/webhooks/update', { ConversationSid, Sid: 'WH' }, 'one of Url, Method, Filters, Triggers, FlowSid'],
  ['/events/conversation', { ConversationSid, EventType: 'onMessageAdded' }, 'Index'],
  ['/events/conversation', { ConversationSid, EventType: 'onConversationAdded' }, undefined],
  ['/webhooks/attach', { ConversationSid, Target: 'studio', FlowSid: 'FW' }, undefined],
])('says what is still empty: %s with %j', async (path, values: Record<string, string>, empty) => {
  const { page } = await openPage(browser, functions.origin);
  const { section } = await fill(page, path, values);
  const command = section.locator('.output').first();
  const said = await command.getByText('Still empty').allInnerTexts();
  expect(said).toEqual(empty === undefined ? [] : [`Still empty: ${empty}`]);
  expect(await command.getByRole('button', { name: 'Send' }).isDisabled()).toBe(empty !== undefined);
});

test('sends a call from the local page, and shows the response', async () => {
  const { page, faults } = await openPage(browser, functions.origin);
  const send = async (path: string, values: Readonly<Record<string, string>>) => {
    const { section } = await fill(page, path, values);
    await section.getByRole('button', { name: 'Send' }).click();
    return section.locator('.response').innerText();
  };
  const Filters = 'onMessageAdded,onDeliveryUpdated';
  const webhook = { ConversationSid: 'demo', Target: 'webhook', Url: '/mine?a=1&b=2', Filters };
  const [status, ...body] = (await send('/webhooks/attach', webhook)).split('\n');
  expect(status).toBe('201 Created');
  expect(JSON.parse(body.join('\n'))).toMatchObject({
    result: 'created',
    configuration: { url: `${functions.origin}/mine?a=1&b=2`, filters: Filters.split(',') },
  });
  const ended = { 'data.contact_channel_address': 'CH00000000000000000000000000000001' };
  expect(await send('/events/studio', ended)).toMatch(/^200 OK\n/);
  expect(await send('/webhooks/list', { ConversationSid: 'nobody' })).toMatch(/^404 Not Found\n/);
  expect(faults.filter((each) => !each.includes('404'))).toEqual([]);
});

test('is at /, too', async () => {
  const { page } = await openPage(browser, functions.origin);
  await page.goto(`${functions.origin}/`);
  await page.waitForURL(`${functions.origin}/index.html`);
});
