// `npm run types`, `lint`, `format`, `unused`, `test:unit` and `test:stack`: one tool of the tests, with what was typed.
import { join } from 'node:path';
import { install, root } from './install.mjs';
import { end, endOnSignal, exitOf, startNode } from './lifetime.mjs';

const [program, ...args] = process.argv.slice(2);
endOnSignal(1);
await install();
const stdio = ['inherit', 'inherit', 'inherit'];
await end(await exitOf(startNode(join(root, 'node_modules', program), args, { cwd: root, stdio })));
