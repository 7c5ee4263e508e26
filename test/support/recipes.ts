import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './programs';

/** A recipe of docs/policy.md: its policy, and its cases. */
export interface Recipe {
  readonly name: string;
  readonly policy: string;
  readonly cases: string;
}

export function readRecipes(): Recipe[] {
  const [, chapter] = readFileSync(join(root, 'docs', 'policy.md'), 'utf8').split('\n## Recipes\n');
  return chapter!
    .split(/^### /m)
    .slice(1)
    .map((text) => ({
      name: /^.*/.exec(text)![0],
      policy: block(text, 'json'),
      cases: block(text, 'yaml'),
    }));
}

function block(text: string, kind: string): string {
  return new RegExp(`\`\`\`${kind}\n(.*?)\`\`\``, 's').exec(text)?.[1] ?? '';
}
