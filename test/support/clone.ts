import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './programs';

const POLICY = join('src', 'assets', 'policy.private.json');

const CASES = 'policy.tests.yaml';

/**
 * The project as it would be committed, in a folder of its own, with what is installed here; with the policy that is shipped,
 * and its variables, whatever a team has instead; without the cases of the team's policy.
 */
export function clone() {
  const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  for (const file of files
    .trim()
    .split('\n')
    .filter((name) => name !== CASES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    // With its date: by it the scripts see whether there is something to install.
    cpSync(join(root, file), join(folder, file), { preserveTimestamps: true });
  }
  const usePolicyOfDemo = () => cpSync(join(root, 'scripts', 'demo', 'policy.json'), join(folder, POLICY));
  usePolicyOfDemo();
  cpSync(join(root, 'scripts', 'demo', 'demo.env'), join(folder, '.env.emulator'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return {
    folder,
    /** Undoes what a test did to src. */
    restoreSource() {
      rmSync(join(folder, 'src'), { recursive: true, force: true });
      cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
      usePolicyOfDemo();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
