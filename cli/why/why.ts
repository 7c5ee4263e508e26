import { redact } from '../../src/handler/redact';
import { ApiError } from '../../src/lib/api-error';
import { apiErrorMessage, hasJsonFlag, printError } from '../print-error';
import { stripControlCharacters } from '../sanitize';
import type { Terminal } from '../terminal';
import { gather } from './gather';
import { type Options, readOptions } from './options';
import { printPage } from './print';
import { verdictOf } from './verdict';

/**
 * `npm run why`: one page about one conversation, and why a message did or did not have an effect. It only reads. @returns the exit
 * code: 0 when it is printed, 1 if something could not be read, 2 for wrong usage
 */
export async function why(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(args, env, terminal);
    if (!options) return 0;
    const { variables, bodies, json, message: sid } = options;
    const file = await gather(options, terminal.folder);
    const message = sid === undefined ? file.messages.at(-1) : file.messages.find((each) => each.sid === sid);
    const verdict = message && verdictOf(file, message);
    const clean = (text: string) => stripControlCharacters(redact(text, variables));
    if (json) {
      const messages = bodies ? file.messages : file.messages.map(({ body, ...rest }) => rest);
      terminal.out(
        JSON.stringify(
          redact({ case: { ...file, messages }, verdict: verdict ?? null }, variables),
          undefined,
          2,
        ),
      );
    } else terminal.out(printPage(file, verdict, { bodies, clean }));
    return 0;
  } catch (error) {
    return printError(error, { json: hasJsonFlag(args), message: errorMessage(error, options) }, terminal);
  }
}

function errorMessage(error: unknown, options: Options | undefined): string | undefined {
  const { variables = {}, conversation, message } = options ?? {};
  if (error instanceof ApiError && error.status === 404)
    return `${conversation}${message ? `, or its message ${message},` : ''} was not found; check its SID or unique name, and use --service if it is in another service`;
  return apiErrorMessage(error, variables);
}
