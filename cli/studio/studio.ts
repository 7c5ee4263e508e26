import { hasJsonFlag, printError } from '../print-error';
import type { Terminal } from '../terminal';
import { fill } from './fill';
import { readFlow } from './flows';
import { readOptions } from './options';

/**
 * `npm run studio`: prints a flow of flows/ as it can be imported, with the places filled in that differ from account to account.
 * It calls nobody. @returns the exit code: 0 printed; 1 failed; 2 wrong usage
 */
export async function studio(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  try {
    const options = readOptions(args, env, terminal);
    if (!options) return 0;
    const { flow, places, sids } = options;
    terminal.out(JSON.stringify(fill(readFlow(terminal.folder, flow), flow, places, sids), null, 2));
    return 0;
  } catch (error) {
    return printError(error, { json: hasJsonFlag(args) }, terminal);
  }
}
