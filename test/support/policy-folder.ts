import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policy } from '../../cli/policy/policy';
import { DEMO_POLICY } from './programs';
import { temporaryFolder } from './temporary-folder';

/** A folder with a policy where a project has it: the demo's, until another one is written. */
export function policyFolder() {
  const { folder, remove } = temporaryFolder();
  const assets = join(folder, 'src', 'assets');
  mkdirSync(assets, { recursive: true });
  const write = (policy: string) => writeFileSync(join(assets, 'policy.private.json'), policy);
  write(DEMO_POLICY);
  /** `npm run policy` in this folder. */
  const run = async (...args: string[]) => {
    const printed: string[] = [];
    const print = (line: string) => void printed.push(line);
    const code = await policy(args, {}, { folder, out: print, err: print });
    return { code, printed };
  };
  return { folder, write, run, remove };
}
