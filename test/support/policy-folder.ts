import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_POLICY } from './programs';

/** A folder with a policy where a project has it: the demo's, until another one is written. */
export function policyFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
  const assets = join(folder, 'src', 'assets');
  mkdirSync(assets, { recursive: true });
  const write = (policy: string) => writeFileSync(join(assets, 'policy.private.json'), policy);
  write(DEMO_POLICY);
  return { folder, write, remove: () => rmSync(folder, { recursive: true }) };
}
