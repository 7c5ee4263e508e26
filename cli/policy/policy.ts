import { hasJsonFlag, printError } from '../print-error';
import { createStyles } from '../style';
import type { Terminal } from '../terminal';
import { check } from './check';
import { diagram } from './diagram';
import { explain } from './explain';
import { readOptions } from './options';

/**
 * `npm run policy`: checks, tests, explains, draws and compares policies, offline. @returns the exit code: 0 if all is well, 1 if the
 * policy or a case of it is not, or if policies differ, 2 for wrong usage
 */
export async function policy(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  try {
    const options = readOptions(args, terminal);
    const styles = createStyles(env, terminal);
    switch (options?.command) {
      case undefined:
        return 0;
      case 'check':
        return check(options, terminal, styles);
      case 'test': {
        // It loads yaml, as diff loads fast-check: no other command needs them.
        const { test } = await import('./test');
        return await test(options, terminal, styles);
      }
      case 'explain':
        return await explain(options, terminal, styles.out);
      case 'diagram':
        return diagram(options, terminal);
      case 'diff': {
        const { diff } = await import('./diff');
        return await diff(options, terminal, styles.out);
      }
    }
  } catch (error) {
    return printError(error, { json: hasJsonFlag(args) }, terminal);
  }
}
