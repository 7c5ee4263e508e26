import { didYouMean, oneOf } from '../../src/lib/messages';
import { assertWithoutToken, readArguments } from '../arguments';
import { deploymentOrigin } from '../deployment';
import { Refusal } from '../refusal';
import { deploymentUrl, readVariables, type Variables } from '../variables';

/** Functions that go by their last name. */
const NAMES = ['attach', 'detach', 'list', 'fetch', 'update', 'sync'];
const LOCAL = 'http://localhost:3000';
/** The exit code of wrong usage. */
export const USAGE = 2;

const usage = `Usage: npm run call -- ${NAMES.join('|')}|/PATH [Key=Value]… [--url https://DOMAIN] [--json] [--env FILE]`;

export interface Options {
  /** The function's URL: what is signed, to the letter. */
  readonly url: URL;
  /** In their order, a key once for each value. */
  readonly parameters: readonly (readonly [key: string, value: string])[];
  readonly json: boolean;
  readonly variables: Variables;
}

/** @throws Refusal with one sentence that says what would be right */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, folder: string): Options {
  const { values, positionals } = readArguments({ args, options, allowPositionals: true }, usage, USAGE);
  const variables = readVariables(values.env, env, folder, USAGE);
  assertWithoutToken(args, variables, USAGE);
  const [name, ...pairs] = positionals;
  const path = pathOf(name);
  const given = values.url ?? (deploymentUrl(values.env, env, variables) || LOCAL);
  return {
    url: urlOf(deploymentOrigin(given, USAGE), path),
    parameters: pairs.map(readPair),
    json: values.json ?? false,
    variables,
  };
}

const options = { url: { type: 'string' }, json: { type: 'boolean' }, env: { type: 'string' } } as const;

function pathOf(name: string | undefined): string {
  if (name === undefined) throw new Refusal(`Which function? ${usage}`, USAGE);
  if (name.startsWith('/')) return name;
  if (NAMES.includes(name)) return `/webhooks/${name}`;
  const hint =
    didYouMean(name, NAMES) || `; there are ${oneOf(NAMES, 'and')}, and paths such as /my-function`;
  throw new Refusal(`${JSON.stringify(name)} is no function of this bundle${hint}`, USAGE);
}

function urlOf(origin: URL, path: string): URL {
  // Put together as text: resolved against the origin, //elsewhere would be another host.
  const text = origin.origin + path;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // An empty fragment too: it is part of what would be signed, and not of what is sent.
  if (url?.origin === origin.origin && !url.href.includes('#')) return url;
  throw new Refusal(`${JSON.stringify(path)} is no path of a function, such as /my-function.`, USAGE);
}

function readPair(text: string): readonly [string, string] {
  const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key !== undefined) return [key, value];
  throw new Refusal(`A parameter is Key=Value, not ${JSON.stringify(text)}.`, USAGE);
}
