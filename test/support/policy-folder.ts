import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_POLICY } from './programs';
import { temporaryFolder } from './temporary-folder';

/** A folder with a policy where a project has it: the demo's, until another one is written. */
export function policyFolder() {
  const { folder, remove } = temporaryFolder();
  const assets = join(folder, 'src', 'assets');
  mkdirSync(assets, { recursive: true });
  const write = (policy: string) => writeFileSync(join(assets, 'policy.private.json'), policy);
  write(DEMO_POLICY);
  return { folder, write, remove };
}
