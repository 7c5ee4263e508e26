import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes the certificate where this user's clients can read it, until this process ends. Returns its path. */
export function writeCertificate(certificate: string): string {
  // By the id of the process, so that the script which started it can remove the folder if the process was killed.
  const folder = join(tmpdir(), `conversation-webhooks-ca-${process.pid}`);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  remove();
  mkdirSync(folder, { mode: 0o700 });
  process.once('exit', remove);
  const file = join(folder, 'ca.pem');
  writeFileSync(file, certificate, { mode: 0o600 });
  return file;
}
