import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { apiClient } from '../../support/api';
import { startBrowser } from '../../support/browser';
import { get, post } from '../../support/call';
import { openConsole, registerFunctions } from '../../support/console';
import { root } from '../../support/programs';
import { useStack } from '../../support/stack';

// The pictures in README.md and docs are of the page as it is: beside each are the texts in it. `npm run pictures` writes both.

const folder = join(root, 'docs', 'pictures');
const isWriting = process.env.PICTURES === 'write';

const { emulator, functions } = useStack(() => ({ CRM_URL: `${emulator.origin}/_emulator/receiver` }));
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
  await registerFunctions(emulator.origin, functions.origin);
});
afterAll(() => browser?.close());

const settle = () => get(`${emulator.origin}/_emulator/idle`);
async function writeTo(path: string, form: Record<string, string>): Promise<string> {
  const { body } = await post(`${emulator.origin}/_emulator/${path}`, form);
  await settle();
  return body.conversation_sid;
}
const inbound = (From: string, Body: string) => writeTo('inbound', { From, To: '+15005550001', Body });

/** As with the ports that `npm start` uses. */
async function showDefaultPorts(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
      walker.currentNode.data = walker.currentNode.data
        .replaceAll(${JSON.stringify(new URL(emulator.origin).port)}, '4010')
        .replaceAll(${JSON.stringify(new URL(functions.origin).port)}, '3000');
  })()`);
}

/** Without what differs each time: times, durations, SIDs, and what stands out for a moment. */
async function textsOf(page: Page): Promise<string[]> {
  const text = (await page.evaluate('document.body.innerText')) as string;
  return text
    .replace(/\b\d\d:\d\d(:\d\d)?\b/g, 'TIME')
    .replace(/\d+ ms/g, 'N ms')
    .replace(/\b([A-Z]{2})…[0-9a-f]{4}/g, '$1…')
    .split('\n')
    .map((line) => line.replace(/ ?(attached|changed) now$|(?<=^free) .* detached$/, '').trim())
    .filter(Boolean);
}

async function compare(page: Page, name: string): Promise<void> {
  await showDefaultPorts(page);
  const file = join(folder, `${name}.json`);
  if (isWriting) {
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
    writeFileSync(file, `${JSON.stringify(await textsOf(page), null, 2)}\n`);
  }
  expect(await textsOf(page)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
}

test('has the texts of the pictures: a hand-off, and the same on a phone', async () => {
  await inbound('+15005550123', 'Where is my order?');
  const sid = await inbound('+15005550147', 'Hello, is anybody there?');
  await apiClient(emulator.origin)
    .conversations(sid)
    .messages.create({ author: 'bot', body: 'Hello! What is it about?' });
  await writeTo(`conversations/${sid}/messages`, { Body: 'My parcel did not arrive.' });
  const { page, chat, slots, timeLine } = await openConsole(browser, emulator.origin, {
    sid,
    viewport: { width: 1440, height: 880 },
  });
  await slots.getByText('by new-conversation').waitFor();
  await inbound('+15005550147', 'I need a human, please.');
  await settle();
  await timeLine.getByText('asks-for-human: bot → agent').waitFor();
  await slots.getByText(/by asks-for-human \(message 3\)/).waitFor();
  await slots.getByText(/API_REQUEST/).waitFor();
  await timeLine.getByText('replay of 3').waitFor();
  await chat.getByText('asks-for-human: bot → agent').waitFor();
  await compare(page, 'live-page');

  const phone = await openConsole(browser, emulator.origin, {
    sid,
    colorScheme: 'dark',
    viewport: { width: 360, height: 720 },
    deviceScaleFactor: 2,
  });
  await phone.page.getByRole('navigation').getByRole('button', { name: 'Chat' }).click();
  await phone.chat.getByText('asks-for-human: bot → agent').waitFor();
  await compare(phone.page, 'live-page-phone');
});
