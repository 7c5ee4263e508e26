import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGuides, written } from './guides';
import { root } from './programs';

/** A policy of docs/policy.md or of a guide, and its cases. */
export interface Recipe {
  readonly name: string;
  readonly policy: string;
  readonly cases: string;
}

export function readRecipes(): Recipe[] {
  const [, chapter] = readFileSync(join(root, 'docs', 'policy.md'), 'utf8').split('\n## Recipes\n');
  const ofPolicy = chapter!
    .split(/^### /m)
    .slice(1)
    .map((text) => ({
      name: /^.*/.exec(text)![0],
      policy: block(text, 'json'),
      cases: block(text, 'yaml'),
    }));
  const ofGuides = readGuides().flatMap((guide) => {
    const [policy, cases] = ['src/assets/policy.private.json', 'policy.tests.yaml'].map((file) =>
      written(guide, file),
    );
    return policy && cases ? [{ name: guide.title, policy, cases }] : [];
  });
  return [...ofPolicy, ...ofGuides];
}

function block(text: string, kind: string): string {
  return new RegExp(`\`\`\`${kind}\n(.*?)\`\`\``, 's').exec(text)?.[1] ?? '';
}
