import { hasJsonFlag, printError } from '../print-error';
import type { Terminal } from '../terminal';
import { check } from './check';
import { diagram } from './diagram';
import { explain } from './explain';
import { readOptions } from './options';

/**
 * `npm run policy`: checks, tests, explains, draws and compares policies, offline. @returns the exit code: 0 if all is well, 1 if the
 * policy or a case of it is not, or if policies differ, 2 for wrong usage
 */
export async function policy(args: string[], _env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  try {
    const options = readOptions(args, terminal);
    switch (options?.command) {
      case undefined:
        return 0;
      case 'check':
        return check(options, terminal);
      case 'test': {
        // It loads yaml, as diff loads fast-check: no other command needs them.
        const { test } = await import('./test');
        return await test(options, terminal);
      }
      case 'explain':
        return await explain(options, terminal);
      case 'diagram':
        return diagram(options, terminal);
      case 'diff': {
        const { diff } = await import('./diff');
        return await diff(options, terminal);
      }
    }
  } catch (error) {
    return printError(error, { json: hasJsonFlag(args) }, terminal);
  }
}
