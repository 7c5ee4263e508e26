// `npm run pictures`: writes docs/pictures, as the test that compares the texts in them sees the page.

import { join } from 'node:path';
import { install, root } from './install.mjs';
import { end, endOnSignal, exitOf, startNode } from './lifetime.mjs';
import { readOptions } from './options.mjs';

readOptions({
  name: 'npm run pictures --',
  description:
    'Write the pictures of the live page for README.md and docs, and the texts in them, into docs/pictures.',
  examples: ['npm run pictures'],
});
endOnSignal(1);
await install();
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const args = ['--selectProjects', 'stack', '--testPathPatterns', 'console/pictures'];
const options = {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, PICTURES: 'write' },
};
await end(await exitOf(startNode(jest, args, options)));
