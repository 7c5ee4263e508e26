import { hasJsonFlag, printError } from '../print-error';
import { createStyles } from '../style';
import type { Terminal } from '../terminal';
import { Collector } from './collector';
import { follow } from './follow';
import { readOptions } from './options';
import { print } from './print';

/**
 * `npm run events`: prints each event of the emulator with what became of it, until it is stopped. @returns the exit code: 0 when it is
 * stopped, 2 for wrong usage, 3 if no emulator responds
 */
export async function events(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  try {
    const options = readOptions(args, env, terminal);
    if (!options) return 0;
    const { origin } = options.url;
    const style = createStyles(env, terminal).out;
    const collector = new Collector();
    const status = (text: string) => () => terminal.err(text);
    const changes = follow(options.url, terminal.untilStopped?.() ?? new AbortController().signal, {
      opened: status(`following ${origin}; Ctrl-C ends it`),
      lost: status(`${origin} has closed the connection; trying again`),
    });
    for await (const change of changes) {
      for (const result of collector.add(change)) {
        terminal.out(options.json ? JSON.stringify(result) : print(result, style));
      }
    }
    return 0;
  } catch (error) {
    return printError(error, { json: hasJsonFlag(args), discreetly: 'events' }, terminal);
  }
}
