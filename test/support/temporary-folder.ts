import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes with this process at the latest, also if a signal or the end of the parent ends it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
  const onExit = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', onExit);
  const remove = () => {
    process.off('exit', onExit);
    onExit();
  };
  return { folder, remove };
}
