// `npm run check`: formats, then all that `npm test` does.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install, root } from './install.mjs';

install();
const format = ['node_modules/@biomejs/biome/bin/biome', 'check', '--write'];
for (const [program, ...args] of [format, ['scripts/test.mjs']]) {
  const { status } = spawnSync(process.execPath, [join(root, program), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
