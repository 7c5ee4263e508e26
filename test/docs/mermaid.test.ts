import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { root } from '../support/programs';

// Each picture of the documentation, by the Mermaid that GitHub draws it with.

const pages = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.md'],
  { cwd: root, encoding: 'utf8' },
)
  .trim()
  .split('\n');
const pictures = pages.flatMap((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/^```mermaid\n(.*?)^```$/gms)].map(([, source], i) => ({
    path,
    number: i + 1,
    source: source!,
  }));
});

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await startBrowser();
  page = await browser.newPage();
  await page.addScriptTag({ path: require.resolve('@mermaid-js/tiny') });
});
afterAll(() => browser?.close());

const draw = (source: string) =>
  page.evaluate(`mermaid.render('picture', ${JSON.stringify(source)}).then(({ svg }) => svg)`);

test('finds the pictures', () => {
  expect(pictures.length).toBeGreaterThan(4);
});

test.each(pictures)('draws picture $number of $path', async ({ source }) => {
  expect(await draw(source)).toMatch(/^<svg /);
});

test.each([
  'flowchart TD\n  a[open --> b',
  'sequenceDiagram\n  Customer->Twilio message',
  'stateDiagram-v2\n  bot -> agent',
])('rejects %j', async (source) => {
  await expect(draw(source)).rejects.toThrow();
});
