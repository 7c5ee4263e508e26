import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { apiClient } from '../../support/api';
import { startBrowser } from '../../support/browser';
import { get, post } from '../../support/call';
import { openConsole, registerFunctions } from '../../support/console';
import { DEMO } from '../../support/emulator';
import { useStack } from '../../support/stack';

const run = promisify(execFile);

const { emulator, functions } = useStack(() => ({ CRM_URL: `${emulator.origin}/_emulator/receiver` }));
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
  await registerFunctions(emulator.origin, functions.origin);
});
afterAll(() => browser?.close());

/** A customer writes, and the policy puts the bot on the new conversation. */
async function newConversation(From: string): Promise<string> {
  const form = { From, To: '+15005550001', Body: 'Hello, is anybody there?' };
  const { body } = await post(`${emulator.origin}/_emulator/inbound`, form);
  await get(`${emulator.origin}/_emulator/idle`);
  return body.conversation_sid;
}

test('shows a hand-off as it happens, in each of two tabs', async () => {
  const sid = await newConversation('+15005550123');
  const [tab, other] = await Promise.all([
    openConsole(browser, emulator.origin, { sid }),
    openConsole(browser, emulator.origin, { sid }),
  ]);
  for (const { slots } of [tab, other]) {
    await slots
      .getByText(/^profile bot, decided \d\d:\d\d:\d\d by new-conversation, replays from message 0$/)
      .waitFor();
    expect(await slots.locator('.slot b').allInnerTexts()).toEqual(
      expect.arrayContaining(['router', 'bot', 'sos']),
    );
  }

  await tab.page.getByLabel('Message', { exact: true }).fill('I need a human');
  await tab.page.getByRole('button', { name: 'Send' }).click();
  for (const { conversations, chat, slots, timeLine } of [tab, other]) {
    await slots.locator('.slot.attached', { hasText: 'crm' }).getByText('attached now').waitFor();
    await slots.getByText('bot detached').waitFor();
    await slots
      .getByText(/^profile agent, decided .* by asks-for-human \(message 1\), replays from message 1$/)
      .waitFor();
    await slots.getByText(/^ended .*API_REQUEST$/).waitFor();
    await chat.getByText('asks-for-human: bot → agent').waitFor();
    await timeLine.getByText('replay of 1').waitFor();
    const decision = timeLine.locator('.decision', { hasText: 'asks-for-human: bot → agent' });
    expect(await decision.innerText()).toContain('create crm, delete bot');
    await conversations.locator('[aria-current]').getByText('agent').waitFor();
  }
  expect([...tab.problems, ...other.problems]).toEqual([]);
});

test('says why a message matched no rule, and why webhooks did not get it', async () => {
  const sid = await newConversation('+15005550124');
  const { page, timeLine } = await openConsole(browser, emulator.origin, { sid });
  await page.getByLabel('Message', { exact: true }).fill('Where is my order?');
  await page.getByRole('button', { name: 'Send' }).click();
  const event = timeLine.locator('.event', { hasText: 'message 1' });
  await event.getByText('nearest rule asks-for-human: Body words does not hold').waitFor();
  const sos = event.locator('.reached li', { hasText: 'sos' });
  expect(await sos.innerText()).toContain('no keyword in the body');

  await page.getByLabel('Write as').selectOption({ label: 'bot · REST API, silent' });
  await page.getByLabel('Message', { exact: true }).fill('One moment.');
  await page.getByRole('button', { name: 'Send' }).click();
  await timeLine
    .locator('.event', { hasText: 'message 2' })
    .getByText(/X-Twilio-Webhook-Enabled/)
    .waitFor();
});

test('opens a delivery, whose curl command works and which is sent again', async () => {
  const sid = await newConversation('+15005550125');
  const { page, timeLine } = await openConsole(browser, emulator.origin, {
    sid,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const event = timeLine.locator('.event', { hasText: 'onConversationAdded' });
  await event.getByRole('button', { name: /^200/ }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.innerText()).toContain(`POST ${functions.origin}/events/conversation`);
  expect(await dialog.locator('pre').allInnerTexts()).toEqual([
    expect.stringContaining('"EventType": "onConversationAdded"'),
    expect.stringContaining('"rule": "new-conversation"'),
  ]);
  await dialog.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('Copied.').waitFor();
  const command = (await page.evaluate('navigator.clipboard.readText()')) as string;
  const { stdout } = await run('sh', ['-c', `${command} --silent`]);
  expect(JSON.parse(stdout)).toMatchObject({ profile: 'bot' });

  await dialog.getByRole('button', { name: 'Send again' }).click();
  await page.keyboard.press('Escape');
  await event.getByRole('button', { name: /^again · 200/ }).waitFor();
});

test('says that the policy does not manage a conversation without a router', async () => {
  const { slots } = await openConsole(browser, emulator.origin, { sid: DEMO });
  await slots.getByText(/^No router: the policy does not manage this conversation/).waitFor();
});

test('marks a foreign webhook', async () => {
  const sid = await newConversation('+15005550126');
  const { slots } = await openConsole(browser, emulator.origin, { sid });
  await slots.getByText('sos', { exact: true }).waitFor();
  await apiClient(emulator.origin)
    .conversations(sid)
    .webhooks.create({
      target: 'webhook',
      'configuration.url': 'https://analytics.example/in',
      'configuration.filters': ['onMessageAdded'],
    });
  const slot = slots.locator('.slot', { hasText: 'analytics.example/in' });
  await slot.getByText('foreign').waitFor();
  expect(await slots.getByText('foreign').count()).toBe(1);
});
