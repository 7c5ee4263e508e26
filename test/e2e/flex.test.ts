import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { apiClient } from '../support/api';
import { startBrowser } from '../support/browser';
import { post } from '../support/call';
import { root } from '../support/programs';
import { useSharedStack, useStack } from '../support/stack';

// The desktop of an agent: a page in a browser, with the request of docs/flex.md, that calls the functions under twilio-run.

const [, script = ''] = /```js\n(.*?)```/s.exec(readFileSync(join(root, 'docs', 'flex.md'), 'utf8')) ?? [];

interface Site {
  readonly origin: string;
  readonly server: Server;
}
async function startSite(): Promise<Site> {
  const server = createServer((_, response) => {
    // The functions are elsewhere than in the page of the documentation.
    const code = script.replace(/'https:.*?'/, `'${functions.origin}'`);
    response.setHeader('content-type', 'text/html');
    response.end(`<title>Desk</title><script type="module">${code}\nwindow.moveTo = moveTo;</script>`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const desk = {} as Site;
const elsewhere = {} as Site;
beforeAll(async () => {
  Object.assign(desk, await startSite());
  Object.assign(elsewhere, await startSite());
});
const { emulator, functions } = useStack(() => ({ FLEX_ORIGINS: `https://flex.twilio.com,${desk.origin}` }));
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  for (const { server } of [desk, elsewhere]) server?.close();
});

let conversation: string;
beforeEach(async () => {
  conversation = (await apiClient(emulator.origin).conversations.create({})).sid;
  await post(`${functions.origin}/webhooks/sync`, { ConversationSid: conversation, Profile: 'agent' });
});
const login = async (form: Record<string, string> = {}): Promise<string> =>
  (await post(`${emulator.origin}/_emulator/flex-tokens`, form)).body.token;
const profile = async (): Promise<string> => {
  const { body } = await post(`${functions.origin}/webhooks/list`, { ConversationSid: conversation });
  return body.webhooks.find(({ router }: { router?: object }) => router).router.profile;
};

async function open(site: Site): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(site.origin);
  await page.waitForFunction('window.moveTo');
  return page;
}

type MoveTo = (profile: string, conversation: string, token: string) => Promise<{ profile: string }>;
/** What the page shows its agent after a click: the new profile, or an error. */
const click = (page: Page, token: string): Promise<string> =>
  page.evaluate(
    ([sid, token]) =>
      (globalThis as unknown as { moveTo: MoveTo })
        .moveTo('bot', sid!, token!)
        .then(({ profile }) => `moved to ${profile}`, String),
    [conversation, token],
  );

test('a page of FLEX_ORIGINS moves a conversation back to the bot with a valid token', async () => {
  const page = await open(desk);
  expect(await profile()).toBe('agent');
  expect(await click(page, await login())).toBe('moved to bot');
  expect(await profile()).toBe('bot');
});

test('it moves nothing with an invalid token, one that has expired, or that of a customer', async () => {
  const page = await open(desk);
  const expired = 'Error: Token is not valid, or has expired';
  expect(await click(page, 'made-up-token')).toBe(expired);
  expect(await click(page, await login({ Ttl: '0' }))).toBe(expired);
  expect(await click(page, '')).toBe('Error: Token is missing');
  expect(await click(page, await login({ Roles: 'guest' }))).toMatch(/^Error: Token is not that of a worker/);
  expect(await profile()).toBe('agent');
});

test('a page from elsewhere moves nothing with a valid token, and cannot read why', async () => {
  const page = await open(elsewhere);
  expect(await click(page, await login())).toBe('TypeError: Failed to fetch');
  expect(await profile()).toBe('agent');
});

test('JSON, which needs a preflight, works from a listed page and not from elsewhere', async () => {
  const send = (page: Page, token: string) =>
    page.evaluate(
      async ([url, sid, token]) => {
        const body = JSON.stringify({ ConversationSid: sid, Profile: 'bot', Token: token });
        const headers = { 'Content-Type': 'application/json' };
        return fetch(url!, { method: 'POST', headers, body }).then(({ status }) => status, String);
      },
      [`${functions.origin}/flex/sync`, conversation, token],
    );
  expect(await send(await open(elsewhere), await login())).toBe('TypeError: Failed to fetch');
  expect(await profile()).toBe('agent');
  expect(await send(await open(desk), await login())).toBe(200);
  expect(await profile()).toBe('bot');
});

test('a script that writes an Origin, or takes the place of the headers, still needs a token', async () => {
  const url = `${functions.origin}/flex/sync`;
  const form = { ConversationSid: conversation, Profile: 'bot' };
  const Origin = desk.origin;
  expect(await post(url, form, { Origin })).toMatchObject({ status: 403, body: { code: 20101 } });
  expect(await post(url, form)).toMatchObject({ status: 403, body: { code: 20403 } });
  const forged = JSON.stringify({ ...form, request: { headers: { origin: Origin } } });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: forged });
  expect([response.status, await response.json()]).toEqual([403, expect.objectContaining({ code: 20101 })]);
  expect(await profile()).toBe('agent');
});

test('neither function is there without FLEX_ORIGINS', async () => {
  const { functions } = useSharedStack();
  for (const name of ['sync', 'list'])
    expect(
      await post(
        `${functions.origin}/flex/${name}`,
        { ConversationSid: 'demo', Token: 'x' },
        { Origin: desk.origin },
      ),
    ).toMatchObject({ status: 404, body: { code: 20404 } });
});

test('the token is in no log', async () => {
  const token = await login();
  await click(await open(desk), token);
  await click(await open(desk), 'made-up-token');
  expect(functions.output()).toContain('"operation":"flex sync"');
  expect(functions.output()).not.toContain(token);
  expect(functions.output()).not.toContain('made-up-token');
});
