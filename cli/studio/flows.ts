import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'flows';
const EXTENSION = '.flow.json';

/** The flows to import, by the names of their files. */
export function flowNames(folder: string): string[] {
  return readdirSync(join(folder, FOLDER))
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length));
}

export function readFlow(folder: string, name: string): string {
  return readFileSync(join(folder, FOLDER, name + EXTENSION), 'utf8');
}
