import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Flow } from './flow';
import { root } from './programs';

/** The domain that flows are filled in for. */
export const DOMAIN = 'https://conversation-webhooks-1234-dev.twil.io';

/** A flow as `npm run studio` prints it, for DOMAIN. */
export const filledFlow = (name: string, ...args: readonly string[]): Flow =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [join(root, 'build', 'cli.js'), 'studio', name, '--url', DOMAIN, ...args],
      { cwd: root, encoding: 'utf8' },
    ),
  );
