import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { DOCUMENTED_FIELDS } from '../../src/events/documented-fields';
import { EVENT_TYPES } from '../../src/events/event-types';
import { SCOPED_EVENTS } from '../../src/events/scoped-events';
import { PARAMETERS } from '../../src/handler/parameters';
import { TARGETS } from '../../src/webhooks/definition';
import { startBrowser } from '../support/browser';
import { post as call } from '../support/call';
import { openPage } from '../support/page';
import { DEMO_BUNDLE, root, startFunctions } from '../support/programs';

// What the page says of the functions is what the functions say of themselves; read without its script.

let functions: Awaited<ReturnType<typeof startFunctions>>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  // Nothing answers there: what is asked here is answered without Twilio.
  const nobody = {
    TWILIO_API_BASE_URL: 'http://127.0.0.1:1',
    TWILIO_SERVICE_RETRY_LIMIT: '0',
    FLEX_ORIGINS: ORIGIN,
  };
  [functions, browser] = await Promise.all([startFunctions(nobody), startBrowser()]);
  ({ page } = await openPage(browser, functions.origin, { javaScriptEnabled: false }));
});
afterAll(async () => {
  await browser?.close();
  await functions?.stop();
});

const rowsOf = (path: string) => page.locator(`section[data-path="${path}"] tbody tr`);
const namesOf = async (path: string) => rowsOf(path).locator('th').allInnerTexts();
const choicesOf = (path: string, name: string) =>
  rowsOf(path)
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .getAttribute('data-choices');

const folder = join(root, DEMO_BUNDLE, 'functions');
const built = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .map((name) => `/${name.replaceAll('\\', '/').replace(/(\.protected)?\.js$/, '')}`)
  .sort();
/** The functions that list their parameters in an error. */
const callable = built.filter((path) => /^\/(webhooks|flex)\//.test(path));
const ORIGIN = 'https://flex.twilio.com';
const post = (path: string, form: Readonly<Record<string, string>>) =>
  call(functions.origin + path, form, { Origin: ORIGIN });

test('has a section for each function, and a link to each section', async () => {
  const paths = await page.locator('main section h3').allInnerTexts();
  expect([...paths].sort()).toEqual(built);
  const links = page.locator('nav a');
  expect(await links.allInnerTexts()).toEqual(paths);
  for (const link of await links.all()) {
    const section = page.locator((await link.getAttribute('href'))!);
    expect(await section.getAttribute('data-path')).toBe(await link.innerText());
  }
});

test.each(callable)('lists the parameters of %s', async (path) => {
  const { body } = await post(path, { ['z'.repeat(40)]: '1' });
  const [, told = ''] = /this function takes (.+)$/.exec(body.message) ?? [];
  const taken = told.split(/, | and /);
  expect(Object.keys(PARAMETERS)).toEqual(expect.arrayContaining(taken));
  expect(await namesOf(path)).toEqual(taken);
});

test.each(callable)('marks the required parameters of %s, and no others', async (path) => {
  const rows = await rowsOf(path).locator('th, td').allInnerTexts();
  const required = rows.filter((_, i) => rows[i + 2] === 'yes');
  const missed = async (names: readonly string[]) => {
    const sent = names.map((name) => [name, name === 'Target' ? 'studio' : 'x']);
    const { body } = await post(path, Object.fromEntries(sent));
    return /^(\w+) is missing/.exec(body.message)?.[1];
  };
  expect(required).toContain('ConversationSid');
  for (const name of required) expect(await missed(required.filter((other) => other !== name))).toBe(name);
  expect(await missed(required)).toBe(path === '/webhooks/attach' ? 'FlowSid' : undefined);
});

test('lists fields of Twilio’s events, and every event, for /events/conversation', async () => {
  const documented: readonly string[] = Object.values(DOCUMENTED_FIELDS).flat();
  expect(documented).toEqual(expect.arrayContaining(await namesOf('/events/conversation')));
  expect(await choicesOf('/events/conversation', 'EventType')).toBe(EVENT_TYPES.join(' '));
});

test('offers the choices that the code has', async () => {
  for (const path of ['/webhooks/attach', '/webhooks/detach', '/webhooks/list'])
    expect(await choicesOf(path, 'Target')).toBe(TARGETS.join(' '));
  const about = await page.getByText('The events of Filters are').locator('code').allInnerTexts();
  expect(about.filter((name) => name.startsWith('on'))).toEqual([...SCOPED_EVENTS]);
});

test('shows every table and a link to the status without its script', async () => {
  const cells = page.locator('main th, main td');
  expect(await cells.and(page.locator(':visible')).count()).toBe(await cells.count());
  for (const text of await cells.allInnerTexts()) expect(text.trim()).not.toBe('');
  expect(await page.locator('input, select, textarea, button').count()).toBe(0);
  expect(await page.locator('#status a').getAttribute('href')).toBe('/status');
});

test('allows only its own script and its own origin by its policy', () => {
  const html = readFileSync(join(root, 'src', 'assets', 'index.html'), 'utf8');
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
  const [, script = ''] = /<script>(.*)<\/script>/s.exec(html) ?? [];
  const hash = createHash('sha256').update(script).digest('base64');
  expect(policy).toBe(
    `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'`,
  );
});
