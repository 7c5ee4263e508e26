import type { Browser } from 'playwright-core';
import { addMessage } from '../../../emulator/actions/messages';
import { systemActor } from '../../../emulator/delivery/actor';
import { apiClient } from '../../support/api';
import { startBrowser } from '../../support/browser';
import { post } from '../../support/call';
import { openConsole } from '../../support/console';
import { DEMO, startEmulator } from '../../support/emulator';
import { freePort, startEmulator as startProgram } from '../../support/programs';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

test('reconnects after a lost connection, and loads what it has missed', async () => {
  const port = await freePort();
  const first = await startProgram(port);
  const { page, chat } = await openConsole(browser, first.origin, { sid: DEMO });
  await first.stop();
  await page.getByText('reconnecting').waitFor();
  const second = await startProgram(port);
  await post(`${second.origin}/_emulator/conversations/${DEMO}/messages`, { Body: 'Written meanwhile' });
  await page.getByText('live', { exact: true }).waitFor();
  await chat.getByText('Written meanwhile').waitFor();
  await second.stop();
});

test('shows a conversation of 2,000 messages with at most 200 of them in the document', async () => {
  const subject = await startEmulator();
  const { sid } = await subject.api.conversations.create({});
  const conversation = subject.context.store.conversations.get(sid)!;
  const write = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const content = { body: `text ${i}`, media: [], attributes: '{}', contentSid: null };
      addMessage(subject.context, conversation, { author: 'ann', ...content }, systemActor);
    }
  };
  write(0, 2_000);
  const { page, chat, problems } = await openConsole(browser, subject.origin, { sid });
  const shown = async () => {
    const indexes = await chat
      .locator('.message')
      .evaluateAll((all) => all.map((each) => Number(each.dataset.index)));
    expect(indexes.length).toBeLessThanOrEqual(200);
    expect(indexes).toEqual(indexes.map((_, i) => indexes[0]! + i));
    return [indexes[0], indexes.at(-1)];
  };
  await chat.getByText('text 1999').waitFor();
  for (let first = 1_850; first > 0; ) {
    await chat.getByRole('button', { name: 'Earlier messages' }).click();
    await chat.locator(`[data-index="${Math.max(0, first - 50)}"]`).waitFor();
    [first = 0] = await shown();
  }
  write(2_000, 2_001);
  await chat.getByRole('button', { name: 'Later messages' }).click();
  await chat.locator('[data-index="199"]').waitFor();
  expect(await shown()).toEqual([50, 199]);
  await chat.getByRole('button', { name: 'Newest' }).click();
  await chat.getByText('text 2000').waitFor();
  expect(await shown()).toEqual([1_851, 2_000]);
  write(2_001, 2_080);
  await chat.getByText('text 2079').waitFor();
  expect((await shown())[1]).toBe(2_079);
  expect(problems).toEqual([]);
  await page.close();
  await subject.stop();
});

test('works without functions, and shows raw values', async () => {
  const subject = await startEmulator();
  const { slots, problems } = await openConsole(browser, subject.origin, { sid: DEMO });
  await slots.getByText('No functions respond, so webhooks have no names here.').waitFor();
  await apiClient(subject.origin)
    .conversations(DEMO)
    .webhooks.create({
      target: 'trigger',
      'configuration.url': 'https://crm.example/urgent?key=1',
      'configuration.triggers': ['emergency', 'urgent'],
    });
  const slot = slots.locator('.slot', { hasText: 'crm.example/urgent' });
  await slot.getByText('messages with “emergency” or “urgent”').waitFor();
  expect(await slots.getByText('foreign').count()).toBe(0);
  expect(problems).toEqual([]);
  await subject.stop();
});
