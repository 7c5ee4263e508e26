import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './programs';

/** A block of code in a guide. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that it is for: the last one that the paragraph before it names, if that ends with a colon. */
  readonly file: string | undefined;
}

export interface Guide {
  readonly name: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

const FOLDER = join(root, 'docs', 'guides');

/** The guides of docs/guides. */
export function readGuides(): Guide[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => {
      const text = readFileSync(join(FOLDER, name), 'utf8');
      return { name, title: /^# (.*)$/m.exec(text)![1]!, blocks: blocksOf(text) };
    });
}

/** What a guide writes to a file; the empty string if it does not. */
export function written({ blocks }: Guide, file: string): string {
  return blocks.find((block) => block.file === file)?.text ?? '';
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ 1: language, 2: code, index }) => {
    const isCommand = language === 'shell' || language === 'text';
    const before = text.slice(0, index).trimEnd().split('\n\n').at(-1)!;
    const file = /.*`([\w./-]*\.\w+)`.*:$/s.exec(before)?.[1];
    return { language: language!, text: code!, file: isCommand ? undefined : file };
  });
}
