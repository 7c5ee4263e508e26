import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import lock from '../../package-lock.json';
import { root } from './programs';

const POLICY = join('src', 'assets', 'policy.private.json');

const CASES = 'policy.tests.yaml';

/**
 * The project as it would be committed, in a folder of its own, with what is installed here; with the policy that is shipped,
 * and its variables, whatever a team has instead; without the cases of the team's policy.
 * @param options toRun: with no more than `npm start` installs
 */
export function clone({ toRun = false } = {}) {
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
  if (toRun) copyPackagesToRun(folder);
  else symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
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

/** Copies the packages that no test tool alone needs, with npm's record of them. */
function copyPackagesToRun(folder: string) {
  const entries = Object.entries(lock.packages).filter(
    ([path, entry]) => path !== '' && !('dev' in entry) && existsSync(join(root, path)),
  );
  // What is nested in a package has an entry of its own.
  const filter = (file: string) => basename(file) !== 'node_modules';
  for (const [path] of entries) cpSync(join(root, path), join(folder, path), { recursive: true, filter });
  const record = join(folder, 'node_modules', '.package-lock.json');
  writeFileSync(record, JSON.stringify({ packages: Object.fromEntries(entries) }));
}
