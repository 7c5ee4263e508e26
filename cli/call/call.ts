import { STATUS_CODES } from 'node:http';
import { redact } from '../../src/handler/redact';
import { plain } from '../plain';
import { Refusal } from '../refusal';
import { type Options, readOptions } from './options';
import { print } from './print';
import { type Answer, request } from './request';

export interface Streams {
  /** Where the project is. */
  readonly folder: string;
  out(line: string): void;
  err(line: string): void;
}

/**
 * `npm run call`: calls a function of the bundle, signed as Twilio signs. @returns the exit code: 0 for an answer of 2xx,
 * 1 for any other, 2 for wrong usage, 3 for none
 */
export async function call(args: string[], env: NodeJS.ProcessEnv, streams: Streams): Promise<number> {
  try {
    const options = readOptions(args, env, streams.folder);
    const unsigned = options.variables.AUTH_TOKEN ? '' : ' (not signed: there is no AUTH_TOKEN)';
    streams.err(`POST ${plain(options.url.href, options.variables)}${unsigned}`);
    const answer = await request(options);
    return options.json ? asJson(answer, options, streams) : readable(answer, options, streams);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    streams.err(error.message);
    return error.exitCode;
  }
}

function asJson(answer: Answer, { variables }: Options, { out, err }: Streams): number {
  if (answer.json === undefined) {
    err(`${complaint(answer, variables)}; that is no JSON`);
    return 1;
  }
  out(redact(answer.text.trim(), variables));
  return succeeded(answer) ? 0 : 1;
}

function readable(answer: Answer, { variables }: Options, { out, err }: Streams): number {
  const { status, json, text } = answer;
  if (!succeeded(answer)) {
    err(complaint(answer, variables));
    const { details } = (json ?? {}) as { details?: unknown };
    if (details !== undefined) err(print(redact(details, variables), variables));
    return 1;
  }
  out(`${status} ${STATUS_CODES[status] ?? ''}`.trimEnd());
  const body = print(redact(json === undefined ? text : json, variables), variables);
  if (body) out(body);
  return 0;
}

const succeeded = ({ status }: Answer) => status >= 200 && status < 300;

/** Our functions' errors have a code and a message; Twilio's gateway says something else, or nothing. */
function complaint({ status, json, text }: Answer, variables: Options['variables']): string {
  const { code, message } = Object(json) as { code?: unknown; message?: unknown };
  if (typeof code === 'number' && typeof message === 'string')
    return plain(`${status}, error ${code}: ${message}`, variables);
  const said = plain(text.replace(/<[^>]*>/g, ' ').trim(), variables);
  const hint = [400, 401, 403].includes(status)
    ? "; if Twilio's gateway says so, AUTH_TOKEN is not that of the account behind this URL"
    : '';
  return `${status} ${STATUS_CODES[status] ?? ''}${said && `: ${said}`}${hint}`;
}
