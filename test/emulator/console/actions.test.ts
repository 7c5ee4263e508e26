import type { Browser, FileChooser, Locator, Page } from 'playwright-core';
import { startBrowser } from '../../support/browser';
import { openConsole } from '../../support/console';
import { DEMO, useEmulator } from '../../support/emulator';

const subject = useEmulator();
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

let page: Page;
let chat: Locator;
let dialog: Locator;
beforeEach(async () => {
  ({ page, chat } = await openConsole(browser, subject.origin, { sid: DEMO }));
  dialog = page.getByRole('dialog');
  await chat.getByRole('heading', { name: 'Demo' }).waitFor();
});
afterEach(() => page.close());

const press = (name: string | RegExp, within: Page | Locator = page) =>
  within
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click();
const write = async (text: string, as?: string) => {
  if (as !== undefined) await page.getByLabel('Write as').selectOption({ label: as });
  await page.getByLabel('Message', { exact: true }).fill(text);
  await press('Send');
  await chat.getByText(text, { exact: true }).waitFor();
};
const events = async () =>
  (await subject.control('GET', `/events?ConversationSid=${DEMO}`)).body.events as {
    event_type: string;
    reason: string | null;
    params: { [name: string]: string };
  }[];
const lastEvent = async () => (await events()).at(-1);
const conversation = () => subject.api.conversations(DEMO);

test('writes as customer, agent and bot, with attributes and media', async () => {
  await write('From a phone', '+15005550006 · SMS');
  expect((await lastEvent())?.params).toMatchObject({ Source: 'SMS', Author: '+15005550006' });
  await write('From a client', 'agent · chat');
  expect((await lastEvent())?.params).toMatchObject({ Source: 'SDK', ClientIdentity: 'agent' });
  await write('Heard', 'bot · REST API, webhooks hear it');
  expect(await lastEvent()).toMatchObject({ reason: 'no_webhook', params: { Source: 'API' } });
  await write('Silent', 'bot · REST API, silent');
  expect(await lastEvent()).toMatchObject({ reason: 'not_enabled' });

  await page.getByText('Attributes and media').click();
  await page.getByLabel('Attributes').fill('{"lang": "en"}');
  await page.getByLabel('Media').selectOption('image/jpeg');
  await write('With a picture', '+15005550006 · SMS');
  expect((await lastEvent())?.params).toMatchObject({
    Attributes: '{"lang": "en"}',
    Media: expect.stringContaining('image/jpeg'),
  });
});

test('edits and removes a message, and reports its delivery', async () => {
  await write('Frist', 'agent · chat');
  await press(/^Frist/, chat);
  await dialog.getByLabel('Body').fill('First');
  await press('Save', dialog);
  await chat.getByText('First', { exact: true }).waitFor();
  expect(await lastEvent()).toMatchObject({ event_type: 'onMessageUpdated', params: { Body: 'First' } });
  await press(/^First/, chat);
  await dialog.getByLabel('Status').selectOption('read');
  await press('Report', dialog);
  await chat.getByText(/· read$/).waitFor();
  expect(await lastEvent()).toMatchObject({ event_type: 'onDeliveryUpdated', params: { Status: 'read' } });
  await press(/^First/, chat);
  await press('Remove message', dialog);
  await chat.getByText('No message yet.').waitFor();
  expect(await conversation().messages.list()).toEqual([]);
});

test('lets people join and leave', async () => {
  await press('Join…');
  await dialog.getByLabel('Identity').fill('ann');
  await press('Join by chat', dialog);
  await press('Remove ann');
  await chat.getByRole('button', { name: 'Remove ann' }).waitFor({ state: 'detached' });
  await press('Join…');
  await dialog.getByLabel('Address', { exact: true }).fill('+15005550199');
  await press('Join by phone', dialog);
  await chat.getByRole('button', { name: 'Remove +15005550199' }).waitFor();
  expect((await events()).map(({ event_type }) => event_type)).toEqual([
    'onParticipantAdded',
    'onParticipantRemoved',
    'onParticipantAdded',
  ]);
});

test('parks, re-opens and closes a conversation, and edits its attributes', async () => {
  await press('Park');
  await chat.getByText('parked').waitFor();
  expect((await lastEvent())?.params).toMatchObject({ StateTo: 'inactive', Reason: 'TIMER' });
  await press('Re-open');
  await chat.getByText('active', { exact: true }).waitFor();
  await press('Edit');
  await dialog.getByLabel('Attributes').fill('{"tier": "gold"}');
  await press('Save', dialog);
  await dialog.waitFor({ state: 'detached' });
  expect((await conversation().fetch()).attributes).toBe('{"tier": "gold"}');
  await press('Close', chat);
  await chat.getByText('This conversation is closed.').waitFor();
  expect((await lastEvent())?.params).toMatchObject({ StateTo: 'closed', Reason: 'API' });
});

test('moves the clock, sets options, makes a bad day, and resets', async () => {
  await press(/^Clock/);
  await press('+ 1 h', dialog);
  await page.keyboard.press('Escape');
  await page.getByText('+60 min').waitFor();
  await press('Options');
  await dialog.getByLabel('triggerCase').selectOption('insensitive');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Options1' }).waitFor();
  expect((await subject.control('GET', '/options')).body.options.triggerCase).toBe('insensitive');
  await press('Faults: off');
  await press('Begin a bad day', dialog);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Faults: on' }).waitFor();
  expect((await subject.control('GET', '/faults')).body.faults).toHaveLength(3);
  await press('Reset');
  await press('Reset everything', dialog);
  await page.getByRole('button', { name: 'Faults: off' }).waitFor();
  await page.getByRole('button', { name: 'Options1' }).waitFor({ state: 'detached' });
});

test('saves the state as a file, loads it after a reset, and reports a file that is none', async () => {
  // The browser intercepts file choosers only some time after the first listener is there.
  page.on('filechooser', () => undefined);
  await write('To be saved', 'agent · chat');
  const [download] = await Promise.all([page.waitForEvent('download'), press('Save')]);
  expect(download.suggestedFilename()).toMatch(/^emulator-.*\.json$/);
  const file = await download.path();
  await subject.control('POST', '/reset');
  await chat.getByText('No message yet.').waitFor();

  const choose = async (chosen: Parameters<FileChooser['setFiles']>[0]) => {
    await page.getByRole('button', { name: 'Load', exact: true }).focus();
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
    await chooser.setFiles(chosen);
  };
  await choose({ name: 'wrong.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await page.getByRole('alert').getByText('emulator_snapshot is missing (20001)').waitFor();
  await choose(file);
  await chat.getByText('To be saved', { exact: true }).waitFor();
  expect(await conversation().messages.list()).toHaveLength(1);
});

test('opens another conversation when the open one is deleted', async () => {
  const { sid } = await subject.api.conversations.create({ friendlyName: 'Other' });
  await page.getByRole('link', { name: /^Other/ }).click();
  await chat.getByRole('heading', { name: 'Other' }).waitFor();
  expect(page.url()).toBe(`${subject.origin}/#/${sid}`);
  await press('Edit');
  await press('Delete conversation', dialog);
  await chat.getByRole('heading', { name: 'Demo' }).waitFor();
  expect(page.url()).toBe(`${subject.origin}/`);
});

test('reports what the emulator refuses', async () => {
  await press('Edit');
  await dialog.getByLabel('Attributes').fill('{');
  await press('Save', dialog);
  await page.getByRole('alert').getByText('Attributes not valid JSON (50304)').waitFor();
});
