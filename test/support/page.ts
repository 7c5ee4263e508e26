import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** The landing page in a browser, all that it asked for, and all that went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  readonly requested: readonly string[];
  readonly faults: readonly string[];
}

/** `prepare`: what has to be in place before the page is loaded. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<OpenPage> {
  const page = await (await browser.newContext(options)).newPage();
  const requested: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (said) => {
    if (said.type() === 'error' || said.type() === 'warning') faults.push(said.text());
  });
  await prepare(page);
  await page.goto(`${origin}/index.html`);
  if (options.javaScriptEnabled !== false) await page.locator('#status[class]').waitFor();
  return { page, requested, faults };
}

/** Fills in fields of a function by the names of its parameters, and answers what there is to copy. */
export async function fill(page: Page, path: string, values: Readonly<Record<string, string>>) {
  const section = page.locator(`section[data-path="${path}"]`);
  for (const [name, value] of Object.entries(values)) {
    const field = section.getByLabel(`${name} of ${path}`, { exact: true });
    if (await field.and(page.getByRole('group')).count()) await choose(field, value.split(','));
    else if (await field.and(page.locator('select')).count()) await field.selectOption(value);
    else await field.fill(value);
  }
  return { section, command: await made(section, 'Command') };
}

async function choose(group: Locator, names: readonly string[]): Promise<void> {
  await group.locator('summary').click();
  for (const box of await group.getByRole('checkbox').all())
    await box.setChecked(names.includes(await box.inputValue()));
}

/** What one of a function's boxes has to copy. */
export async function made(section: Locator, title: string): Promise<string> {
  const box = section
    .locator('.output')
    .filter({ has: section.page().getByRole('heading', { name: title }) });
  return (await box.locator('code').textContent()) ?? '';
}
