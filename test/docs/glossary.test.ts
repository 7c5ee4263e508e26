import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/programs';

const page = readFileSync(join(root, 'docs', 'glossary.md'), 'utf8');
const [, ...chapters] = page.split(/^## /m);
const entries = (chapter: string) =>
  chapter
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [term, ...lines] = text.trim().split('\n');
      return { term: term!, text: lines.join(' ').trim() };
    });

test.each(chapters)('has its words in alphabetical order %#', (chapter) => {
  const terms = entries(chapter).map(({ term }) => term);
  expect(terms).toEqual([...terms].sort());
});

test.each(chapters.flatMap(entries))('explains $term in one to four sentences', ({ text }) => {
  const sentences = text.replaceAll(/\[More\].*/g, '').match(/[.!?](?= |$)/g) ?? [];
  expect(sentences.length).toBeGreaterThanOrEqual(1);
  expect(sentences.length).toBeLessThanOrEqual(4);
});

const READERS = ['emulator', 'how-it-works', 'observing', 'policy', 'promises', 'studio', 'testing-a-policy'];
test.each(READERS)('is linked from docs/%s.md', (name) => {
  expect(readFileSync(join(root, 'docs', `${name}.md`), 'utf8')).toContain('](glossary.md#');
});
