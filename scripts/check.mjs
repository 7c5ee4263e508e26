// `npm run check`: formats, then all that `npm test` does.
import { join } from 'node:path';
import { install, root } from './install.mjs';
import { end, endOnSignal, exitOf, startNode } from './lifetime.mjs';
import { readOptions } from './options.mjs';

readOptions({
  name: 'npm run check --',
  description: 'Format the code, then run everything that npm test runs.',
  examples: ['npm run check'],
});
endOnSignal(1);
await install();
const format = ['node_modules/@biomejs/biome/bin/biome', 'check', '--write'];
for (const [program, ...args] of [format, ['scripts/test.mjs']]) {
  const stdio = ['inherit', 'inherit', 'inherit'];
  const code = await exitOf(startNode(join(root, program), args, { cwd: root, stdio }));
  if (code !== 0) await end(code);
}
