import { STATUS_CODES } from 'node:http';
import { redact } from '../../src/handler/redact';
import { CliError } from '../errors';
import { hasJsonFlag, printError } from '../print-error';
import { sanitize } from '../sanitize';
import { createStyles, type Styles } from '../style';
import type { Terminal } from '../terminal';
import { onScreen } from '../wrap';
import { type Options, readOptions } from './options';
import { print } from './print';
import { type FunctionResponse, request } from './request';

/**
 * `npm run call`: calls a function of the bundle, signed as Twilio signs. @returns the exit code: 0 for a response of 2xx, 1
 * for any other, 2 for wrong usage, 3 for no response
 */
export async function call(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  try {
    const options = readOptions(args, env, terminal);
    if (!options) return 0;
    const unsigned = options.variables.AUTH_TOKEN ? '' : ' (not signed: AUTH_TOKEN is not set)';
    terminal.err(`POST ${sanitize(options.url.href, options.variables)}${unsigned}`);
    const response = await request(options);
    return options.json
      ? printJson(response, options, terminal)
      : printReadable(response, options, terminal, createStyles(env, terminal));
  } catch (error) {
    return printError(error, { json: hasJsonFlag(args), discreetly: 'call' }, terminal);
  }
}

function printJson(response: FunctionResponse, { variables }: Options, { out }: Terminal): number {
  if (response.json === undefined)
    throw new CliError(`${errorLine(response, variables)}; the response is not JSON`);
  out(redact(response.text.trim(), variables));
  return isSuccess(response) ? 0 : 1;
}

function printReadable(
  response: FunctionResponse,
  { variables }: Options,
  { out, err, status: errors, columns: width }: Terminal,
  styles: Styles,
): number {
  const { status, json, text } = response;
  if (!isSuccess(response)) {
    err(onScreen(errorLine(response, variables), errors && width));
    const { details } = (json ?? {}) as { details?: unknown };
    const heading = (text: string) => styles.err('bold', text);
    if (details !== undefined) err(print(redact(details, variables), variables, { width, heading }));
    return 1;
  }
  out(styles.out('green', `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()));
  const heading = (text: string) => styles.out('bold', text);
  const body = print(redact(json === undefined ? text : json, variables), variables, { width, heading });
  if (body) out(body);
  return 0;
}

const isSuccess = ({ status }: FunctionResponse) => status >= 200 && status < 300;

/** Errors of the functions have a code and a message; Twilio's gateway sends other text, or none. */
function errorLine({ status, json, text }: FunctionResponse, variables: Options['variables']): string {
  const { code, message } = Object(json) as { code?: unknown; message?: unknown };
  if (typeof code === 'number' && typeof message === 'string')
    return sanitize(`${status}, error ${code}: ${message}`, variables);
  const body = sanitize(text.replace(/<[^>]*>/g, ' ').trim(), variables);
  const hint = [400, 401, 403].includes(status)
    ? "; if this is Twilio's gateway, check that AUTH_TOKEN belongs to the account of this URL"
    : '';
  return `${status} ${STATUS_CODES[status] ?? ''}${body && `: ${body}`}${hint}`;
}
