import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { source as axe } from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { made, openPage } from '../support/page';
import { root, startFunctions } from '../support/programs';

// For people who want to look themselves, the pictures go to build/screenshots.

const pictures = join(root, 'build', 'screenshots');
mkdirSync(pictures, { recursive: true });

let ready: Awaited<ReturnType<typeof startFunctions>>;
let browser: Browser;
let eye: Page;

beforeAll(async () => {
  [ready, browser] = await Promise.all([startFunctions({}), startBrowser()]);
  eye = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await ready?.stop();
});

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

/** How much of each part of a picture has another colour than most of it, in the browser's own eyes: from 0 to 1. */
function ink(png: Buffer, parts: readonly Box[]): Promise<number[]> {
  const url = `data:image/png;base64,${png.toString('base64')}`;
  return eye.evaluate(`(async () => {
    const picture = await createImageBitmap(await (await fetch('${url}')).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    return ${JSON.stringify(parts)}.map(({ x, y, width, height }) => {
      const pixels = new Uint32Array(canvas.getImageData(x, y, width, height).data.buffer);
      const counts = new Map();
      for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
      return 1 - Math.max(...counts.values()) / pixels.length;
    });
  })()`);
}

/** Texts, fields and buttons that lie on another one, stick out of the window, or are covered at their own middle. */
function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const text = 'h1, h2, h3, h4, p, dt, dd, li, tbody th, td, pre, button, input, select, textarea';
    const leaves = [...document.querySelectorAll(text)].filter(
      (element) => element.checkVisibility() && !element.matches('.announced, .skip') && !element.querySelector(text));
    const faults = [];
    const name = (element) => element.tagName + ' ' + (element.textContent || element.ariaLabel).slice(0, 40);
    const boxes = leaves.map((element) => ({ element, box: element.getBoundingClientRect() }));
    for (const { element, box } of boxes) {
      if (box.width < 8 || box.height < 12) faults.push('no room: ' + name(element));
      if (box.left < 0 || box.right > innerWidth + 0.5) faults.push('outside: ' + name(element));
      if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline' && !element.value)
        faults.push('too wide: ' + name(element));
    }
    for (const [i, { element, box }] of boxes.entries())
      for (const other of boxes.slice(i + 1))
        if (
          box.left < other.box.right - 1 && other.box.left < box.right - 1 &&
          box.top < other.box.bottom - 1 && other.box.top < box.bottom - 1
        ) faults.push('overlap: ' + name(element) + ' / ' + name(other.element));
    for (const { element } of boxes) {
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const box = element.getBoundingClientRect();
      const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!element.contains(seen)) faults.push('covered: ' + name(element));
    }
    scrollTo({ top: 0, behavior: 'instant' });
    return faults;
  })()`);
}

const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [360, 1280].map((width) => [colorScheme, width] as const),
);

test.each(LOOKS)(
  'is legible and accessible in %s at %i pixels',
  async (colorScheme, width) => {
    const viewport = { width, height: 900 };
    const { page, requested, faults } = await openPage(browser, ready.origin, { colorScheme, viewport });
    await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await misplaced(page)).toEqual([]);
    await page.evaluate(axe);
    const { violations } = (await page.evaluate('axe.run()')) as {
      violations: { id: string; nodes: object[] }[];
    };
    expect(violations.map(({ id, nodes }) => [id, nodes])).toEqual([]);

    const png = await page.screenshot({
      path: join(pictures, `${colorScheme}-${width}.png`),
      fullPage: true,
    });
    const parts = await page.locator('header, nav, dl.ways, section').all();
    const boxes = await Promise.all(parts.map(async (part) => (await part.boundingBox())!));
    expect(boxes.length).toBe(14);
    for (const share of await ink(png, boxes)) {
      expect(share).toBeGreaterThan(0.01);
      expect(share).toBeLessThan(0.5);
    }
    const [red, green, blue] = (
      (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string
    )
      .match(/\d+/g)!
      .map(Number);
    expect(red! + green! + blue! > 384 ? 'light' : 'dark').toBe(colorScheme);
    expect([...new Set(requested.map((url) => new URL(url).origin))]).toEqual([ready.origin]);
    expect(faults).toEqual([]);
  },
  60_000,
);

test('requests only the page and the status, whatever is typed', async () => {
  const { page, requested } = await openPage(browser, ready.origin);
  for (const section of await page.locator('section:has(input)').all()) {
    const field = section.locator('input').first();
    await field.fill('https://elsewhere.example/?a=b');
    await field.press('Enter');
  }
  for (const button of await page.getByRole('button', { name: 'Copy' }).all()) await button.click();
  expect(page.url()).toBe(`${ready.origin}/index.html`);
  expect(requested).toEqual([`${ready.origin}/index.html`, `${ready.origin}/status`]);
  expect(await page.locator('form, input[type=password]').count()).toBe(0);
});

test('copies what it shows', async () => {
  const { page } = await openPage(browser, ready.origin, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const section = page.locator('#attach');
  await page.getByLabel('Url of /webhooks/attach').fill("https://crm.example/?a='1'&b=2");
  for (const title of ['Command', 'Run Function widget']) {
    const button = section.getByRole('button', { name: `Copy: ${title}` });
    await button.click();
    await button.filter({ hasText: 'Copied' }).waitFor();
    expect(await page.locator('#announcement').innerText()).toBe('Copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await made(section, title));
  }
});

test('selects, and reports it, if it cannot copy', async () => {
  // A name that is not this machine's, over http: no clipboard.
  const origin = 'http://bots.example';
  const { page } = await openPage(browser, origin, {}, (page) =>
    page.route(`${origin}/**`, async (route) =>
      route.fulfill({
        response: await route.fetch({ url: route.request().url().replace(origin, ready.origin) }),
      }),
    ),
  );
  const section = page.locator('#list');
  await section.getByRole('button', { name: 'Copy: Command' }).click();
  await page.locator('#announcement').filter({ hasText: 'Selected' }).waitFor();
  expect(await page.evaluate('getSelection().toString()')).toBe(await made(section, 'Command'));
});

test('focuses every link, field and button by keyboard, in order and visibly', async () => {
  const { page } = await openPage(browser, ready.origin);
  const all = 'a[href], input, select, textarea, button:enabled, summary';
  const reachable = `[...document.querySelectorAll('${all}')].filter((each) => each.checkVisibility())`;
  const count = (await page.evaluate(`${reachable}.length`)) as number;
  for (let i = 0; i < count; i++) {
    await page.keyboard.press('Tab');
    const [at, outline] = (await page.evaluate(
      `[${reachable}.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]`,
    )) as [number, string];
    expect(at).toBe(i);
    expect(outline).toBe('solid');
    if (i === 0) expect((await page.locator('.skip').boundingBox())!.x).toBeGreaterThan(0);
  }
  await page.getByLabel('Target of /webhooks/list').focus();
  await page.keyboard.press('ArrowDown');
  expect(await made(page.locator('#list'), 'Command')).toContain('Target=webhook');
});

test.each([360, 1280])('stays where it is when the status arrives, at %i pixels', async (width) => {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/status', (route) => held.then(() => route.continue()));
  await page.goto(`${ready.origin}/index.html`);
  const before = await page.locator('main').boundingBox();
  release();
  await page.locator('#status.ready').waitFor();
  expect(await page.locator('main').boundingBox()).toEqual(before);
});

test('is short on a phone, and opens a function by its link', async () => {
  const viewport = { width: 360, height: 800 };
  const { page } = await openPage(browser, ready.origin, { viewport });
  expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThan(5 * viewport.height);
  const field = page.getByLabel('Target of /webhooks/list');
  expect(await field.isVisible()).toBe(false);
  await page.getByRole('link', { name: '/webhooks/list' }).click();
  await field.waitFor();
  const linked = await browser.newPage({ viewport });
  await linked.goto(`${ready.origin}/index.html#sync`);
  await linked.getByLabel('Profile of /webhooks/sync').waitFor();
});

test('respects reduced motion', async () => {
  for (const [reducedMotion, behaviour] of [
    ['reduce', 'auto'],
    ['no-preference', 'smooth'],
  ] as const) {
    const { page } = await openPage(browser, ready.origin, { reducedMotion });
    expect(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior')).toBe(behaviour);
    const moving = `[...document.querySelectorAll('*')].map((e) => getComputedStyle(e)).filter((s) => s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0).length`;
    expect(await page.evaluate(moving)).toBe(0);
  }
});

test('reports that variables and policy are complete', async () => {
  const { page } = await openPage(browser, ready.origin);
  expect(await page.locator('#status').innerText()).toBe(
    'Ready. The variables are set, and the policy is valid.',
  );
});

test('reports which variable is missing', async () => {
  const functions = await startFunctions({ CRM_URL: '' });
  try {
    const { page, faults } = await openPage(browser, functions.origin);
    expect(await page.locator('#status').innerText()).toBe(
      'Incomplete. Missing or unusable: CRM_URL. ' +
        'Until then /webhooks/sync and /events/… return errors; the others do not need the policy.',
    );
    expect(faults).toEqual([]);
  } finally {
    await functions.stop();
  }
});

const UNKNOWN = 'Status unknown. /status did not return a valid response.';
const NONE = 'Until then the functions return errors.';
const incomplete = (missing: string[], policy: string) =>
  JSON.stringify({ status: 'incomplete', missing, policy });

test.each<[what: string, answer: { status?: number; body: string } | undefined, sentence: string]>([
  ['no token', { body: incomplete(['AUTH_TOKEN', 'CRM_URL'], 'ok') }, `AUTH_TOKEN, CRM_URL. ${NONE}`],
  ['a bad policy', { body: incomplete([], 'invalid') }, 'Incomplete. The policy is invalid; npm run deploy'],
  [
    'a list without a host of the policy',
    { body: incomplete([], 'disallowed') },
    'Incomplete. WEBHOOK_URL_ALLOWLIST lacks a host of the policy; npm run deploy reports which. Until then /webhooks/sync and',
  ],
  [
    'a malformed list',
    { body: incomplete(['WEBHOOK_URL_ALLOWLIST'], 'ok') },
    'reject a Url of another host, and /webhooks/sync and /events/… return errors if the policy has one.',
  ],
  [
    'a malformed list and a bad policy',
    { body: incomplete(['WEBHOOK_URL_ALLOWLIST'], 'invalid') },
    'reject a Url of another host, and /webhooks/sync and /events/… return errors.',
  ],
  [
    'a malformed origin',
    { body: incomplete(['FLEX_ORIGINS'], 'ok') },
    'unusable: FLEX_ORIGINS. Until then /flex/… reject the pages of each malformed origin.',
  ],
  ['a malformed origin and no token', { body: incomplete(['AUTH_TOKEN', 'FLEX_ORIGINS'], 'ok') }, NONE],
  ['no answer', undefined, UNKNOWN],
  ['an error', { status: 500, body: 'oh' }, UNKNOWN],
  ['no object', { body: 'null' }, UNKNOWN],
  ['markup', { body: '{"status":"<b>fine</b>"}' }, UNKNOWN],
  ['markup for a name', { body: incomplete(['<b>A</b>'], 'ok') }, 'unusable: <b>A</b>. Until'],
])('reports what /status returns: %s', async (_, answer, sentence) => {
  const { page } = await openPage(browser, ready.origin, {}, (page) =>
    page.route('**/status', (route) => (answer ? route.fulfill(answer) : route.abort())),
  );
  expect(await page.locator('#status').innerText()).toContain(sentence);
  expect(await made(page.locator('#list'), 'Command')).toContain('/webhooks/list');
});
