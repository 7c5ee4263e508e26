import { apiErrorMessage, printError } from '../print-error';
import { createStyles } from '../style';
import type { Terminal } from '../terminal';
import { type Options, printsJson, readOptions } from './options';
import { report } from './report';
import { retire } from './retire';
import { sync } from './sync';

/**
 * `npm run fleet`: compares all conversations of an account with the policy, brings them to it, or takes it off them. @returns
 * the exit code: 0 done, or in order; 1 refused or failed; 2 out of order, or wrong usage
 */
export async function fleet(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(args, env, terminal);
    switch (options?.command) {
      case undefined:
        return 0;
      case 'report':
        return await report(options, terminal, createStyles(env, terminal).out);
      case 'sync':
        return await sync(options, terminal);
      case 'retire':
        return await retire(options, terminal);
    }
  } catch (error) {
    const message = apiErrorMessage(error, options?.variables ?? {});
    return printError(error, { json: printsJson(args), message }, terminal);
  }
}
