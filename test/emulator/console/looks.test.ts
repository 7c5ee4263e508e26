import { source as axe } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../support/browser';
import { post } from '../../support/call';
import { openConsole, registerFunctions } from '../../support/console';
import { DEMO } from '../../support/emulator';
import { useStack } from '../../support/stack';

const { emulator, functions } = useStack();
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
  await registerFunctions(emulator.origin, functions.origin);
  await post(`${functions.origin}/webhooks/sync`, { ConversationSid: DEMO, Profile: 'bot' });
  for (const Body of ['Hello', 'I need a human'])
    await post(`${emulator.origin}/_emulator/conversations/${DEMO}/messages`, { Body });
});
afterAll(() => browser?.close());

async function violations(page: Page) {
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [360, 1440].map((width) => [colorScheme, width] as const),
);

test.each(LOOKS)(
  'is accessible in %s at %i pixels, every panel and dialog',
  async (colorScheme, width) => {
    const viewport = { width, height: 800 };
    const { page, requested, problems } = await openConsole(browser, emulator.origin, {
      sid: DEMO,
      colorScheme,
      viewport,
    });
    const show = async (panel: string) => {
      if (width === 360) await page.getByRole('navigation').getByRole('button', { name: panel }).click();
    };
    const isClean = async () => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await violations(page)).toEqual([]);
    };
    for (const [panel, content] of [
      ['Conversations', page.locator('.conversation').first()],
      ['Chat', page.getByText('asks-for-human: bot → agent').first()],
      ['Slots', page.getByText('crm', { exact: true }).first()],
      ['Time line', page.locator('.event').first()],
    ] as const) {
      await show(panel);
      await content.waitFor();
      if (width === 360 || panel === 'Conversations') await isClean();
    }
    for (const [panel, name] of [
      ['Conversations', 'New'],
      ['Chat', 'Edit'],
      ['Chat', 'Join…'],
      ['Chat', /^Hello/],
      ['Time line', /^200/],
      ['Chat', 'Options'],
      ['Chat', /^Faults/],
      ['Chat', /^Clock/],
      ['Chat', 'Reset'],
    ] as const) {
      await show(panel);
      await page
        .getByRole('button', { name, exact: typeof name === 'string' })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      await isClean();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    expect([...new Set(requested.map((url) => new URL(url).origin))]).toEqual([emulator.origin]);
    expect(problems).toEqual([]);
  },
  90_000,
);

test('is used by keyboard alone: create a conversation, write, open a message, go elsewhere', async () => {
  const { page, chat, conversations, slots } = await openConsole(browser, emulator.origin, { sid: DEMO });
  const focused = () =>
    page.evaluate(`(() => {
      const { activeElement: element } = document;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { name: element.ariaLabel ?? element.textContent, outline: outlineStyle + ' ' + outlineWidth };
    })()`) as Promise<{ name: string; outline: string }>;
  const tabTo = async (name: string | RegExp) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const at = await focused();
      if (!at.name.match(name)) continue;
      expect(at.outline).toMatch(/^(solid|auto) [1-9]/);
      return;
    }
    throw new Error(`the keyboard does not reach ${name}`);
  };
  await conversations.locator('.conversation').first().waitFor();
  await tabTo(/^New$/);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('From').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('+15005550177');
  await page.keyboard.press('Enter');
  await chat.getByRole('heading', { name: '+15005550177' }).waitFor();
  await slots.getByText('bot', { exact: true }).waitFor();

  await tabTo(/^Message$/);
  await page.keyboard.type('Typed without a mouse');
  await page.keyboard.press('Enter');
  await chat.getByText('Typed without a mouse').waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  expect((await focused()).name).toContain('Typed without a mouse');
  await page.keyboard.press('ArrowUp');
  expect((await focused()).name).toContain('Hello, where is my order?');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Message 0' }).waitFor();
  await page.keyboard.press('Escape');
  expect((await focused()).name).toContain('Hello, where is my order?');

  await tabTo(/^Search/).catch(() => tabTo(/^Search/));
  await page.keyboard.type('Demo');
  await page.getByText('Demo').first().waitFor();
  await tabTo(/^Demo/);
  await page.keyboard.press('Enter');
  await chat.getByRole('heading', { name: 'Demo' }).waitFor();
  expect(page.url()).toBe(`${emulator.origin}/#/${DEMO}`);
});
