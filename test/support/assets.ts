import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buildPolicy } from './policy';
import { DEMO_BUNDLE, root } from './programs';

/**
 * For a file whose functions have a policy of their own: makes the demo's assets with it, which are removed after the tests.
 * The path is one from the root of the project.
 */
export function useAssets(): (policy: string | object) => string {
  const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
  let made = 0;
  afterAll(() => rmSync(folder, { recursive: true }));
  return (policy) => {
    const assets = join(folder, `assets-${++made}`);
    cpSync(join(root, DEMO_BUNDLE, 'assets'), assets, { recursive: true });
    writeFileSync(join(assets, 'policy.private.json'), buildPolicy(policy));
    return relative(root, assets);
  };
}
