import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { apiClient } from './api';

/** The emulator's live page in a browser, all that it requested, and all that went wrong in it. */
export async function openConsole(
  browser: Browser,
  origin: string,
  { sid, ...options }: BrowserContextOptions & { sid?: string } = {},
) {
  const viewport = { width: 1440, height: 900 };
  const page = await (await browser.newContext({ viewport, ...options })).newPage();
  const requested: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (said) => {
    if (said.type() === 'error' || said.type() === 'warning') problems.push(said.text());
  });
  await page.goto(`${origin}/${sid === undefined ? '' : `#/${sid}`}`);
  await page.getByText('live', { exact: true }).waitFor();
  return { page, requested, problems, ...partsOf(page) };
}

/** The panels, by their headings. */
function partsOf(page: Page) {
  return {
    conversations: page.locator('section', { has: page.locator('#conversations') }),
    chat: page.locator('section', { has: page.locator('#chat') }),
    slots: page.locator('section', { has: page.locator('#slots') }),
    timeLine: page.locator('section', { has: page.locator('#time-line') }),
  };
}

/** What `npm start` registers: new conversations are told to the functions, and unknown senders get one. */
export async function registerFunctions(emulator: string, functions: string): Promise<void> {
  const api = apiClient(emulator);
  await api.configuration.webhooks().update({
    postWebhookUrl: `${functions}/events/conversation`,
    filters: ['onConversationAdded'],
  });
  await api.addressConfigurations.create({
    type: 'sms',
    address: '+15005550001',
    'autoCreation.enabled': true,
    'autoCreation.type': 'default',
  });
}
