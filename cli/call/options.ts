import { didYouMean, oneOf } from '../../src/lib/error-text';
import { parseUrl } from '../../src/lib/parse-url';
import { assertNoApiKey } from '../api-key';
import { assertWithoutToken, createCommand, parseArguments } from '../arguments';
import { givenDeployment } from '../deployment';
import { UsageError } from '../errors';
import { help } from '../help';
import type { Terminal } from '../terminal';
import { readVariables, type Variables } from '../variables';

/** Functions that go by their last name. */
const NAMES = ['attach', 'detach', 'list', 'fetch', 'update', 'sync'];
const DEFAULT_URL = 'http://localhost:3000';

export interface Options {
  /** The function's URL: what is signed, to the letter. */
  readonly url: URL;
  /** In their order, a key once for each value. */
  readonly parameters: readonly (readonly [key: string, value: string])[];
  readonly json: boolean;
  readonly variables: Variables;
}

interface Flags {
  readonly url?: string;
  readonly json?: true;
  readonly env?: string;
}

const describeCommand = () =>
  createCommand('call', '<function> [Key=Value...]')
    .description('Call a function of the bundle as Twilio does: a POST, signed with the auth token.')
    .argument('<function>', `${oneOf(NAMES, 'or')}, or its path`)
    .argument('[Key=Value...]', 'parameters of the function; repeat a key for a list')
    .option('--url <url>', `where it is deployed (default: ${DEFAULT_URL})`)
    .option('--json', 'print the JSON of the response and nothing else')
    .option('--env <file>', 'file of variables (default: the environment, else .env)')
    .addHelpText(
      'after',
      help(
        [
          'npm run call -- list ConversationSid=demo',
          'npm run call -- sync ConversationSid=demo Profile=bot --url https://my-service-1234-dev.twil.io',
          'npm run --silent call -- list ConversationSid=demo --json',
        ],
        {
          0: 'a response of 2xx',
          1: 'any other response',
          2: 'wrong usage; nothing was sent',
          3: 'no connection, or no response in time',
        },
      ),
    );

/** @returns undefined if it printed the help. @throws UsageError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  const command = describeCommand();
  if (!parseArguments(command, args, terminal)) return undefined;
  const flags = command.opts<Flags>();
  const variables = readVariables(flags.env, env, terminal.folder);
  assertWithoutToken(args, variables);
  assertNoApiKey(variables);
  const [name, ...pairs] = command.args as [string, ...string[]];
  const path = pathOf(name);
  const { url: origin } = givenDeployment(flags.url, flags.env, env, variables, DEFAULT_URL);
  return { url: urlOf(origin, path), parameters: pairs.map(parsePair), json: flags.json ?? false, variables };
}

function pathOf(name: string): string {
  if (name.startsWith('/')) return name;
  if (NAMES.includes(name)) return `/webhooks/${name}`;
  const hint = didYouMean(name, NAMES) || `; use ${oneOf(NAMES, 'or')}, or a path such as /my-function`;
  throw new UsageError(`${JSON.stringify(name)} is not a function of this bundle${hint}`);
}

function urlOf(origin: URL, path: string): URL {
  // Concatenated: resolved against the origin, //elsewhere would be another host.
  const text = origin.origin + path;
  const url = parseUrl(text);
  // An empty fragment too: it would be signed, but not sent.
  if (url?.origin === origin.origin && !url.href.includes('#')) return url;
  throw new UsageError(`${JSON.stringify(path)} is not a valid path; use one such as /my-function`);
}

function parsePair(text: string): readonly [string, string] {
  const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key !== undefined) return [key, value];
  throw new UsageError(`${JSON.stringify(text)} is not a parameter; write Key=Value`);
}
