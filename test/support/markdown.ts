import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './programs';

/** A page of the project. @param path from the project's folder */
export const page = (path: string) => readFileSync(join(root, path), 'utf8');

/** What stands under a heading, up to the next one; the empty string without such a heading. */
export const section = (text: string, title: string) =>
  text.split(/^#{2,3} /m).find((each) => each.startsWith(`${title}\n`)) ?? '';

/** The rows of tables, as the names in the first cell and the text of the last. */
export const rows = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^\| \[?`/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => ({
      names: [...cells[0]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
      last: cells.at(-1)!.trim(),
    }));
