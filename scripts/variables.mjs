// The variables of a deployment. Validated before anything is installed, so with Node's own modules only.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root } from './install.mjs';
import { isLoopback } from './loopback.mjs';

/**
 * The variables of an environment file, as twilio-run reads and sends them.
 * @param fallback values for the empty ones
 * @throws Error with each reason why a deployment with them could not work, one sentence per line
 */
export function readVariables(file, fallback = {}) {
  const variables = readFile(file);
  for (const name of Object.keys(variables)) variables[name] ||= fallback[name] ?? '';
  const issues = [missing(variables, file), unreachable(variables, file)].filter(Boolean);
  if (issues.length > 0) throw new Error(issues.join('\n'));
  return variables;
}

/**
 * An environment file's text as twilio-run reads it: line by line, without `export`, and a # is part of the value. With
 * Node's parseEnv, other values would be validated than are sent.
 */
export function parse(text) {
  const variables = {};
  for (const line of text.split('\n')) {
    const [, name, given] = /^\s*([\w.-]+)\s*=\s*(.*)\r?$/.exec(line) ?? [];
    if (name === undefined) continue;
    const value = /^".*"$/.test(given) ? given.replaceAll('\\n', '\n') : given;
    variables[name] = value.replace(/^['"]|['"]$/g, '').trim();
  }
  return variables;
}

function readFile(file) {
  try {
    return parse(readFileSync(resolve(root, file), 'utf8'));
  } catch {
    throw new Error(`${file} cannot be read; copy .env.example to it and fill it in`);
  }
}

function missing(variables, file) {
  const names = required().filter((name) => !variables[name]);
  if (names.length === 0) return undefined;
  const list = [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
  return `${list} ${names.length === 1 ? 'is' : 'are'} not set in ${file}; see .env.example`;
}

/** What .env.example marks as required. */
function required() {
  const example = readFileSync(resolve(root, '.env.example'), 'utf8');
  return [...example.matchAll(/^# required: true\r?\n(?:#.*\r?\n)*(\w+)=/gm)].map(([, name]) => name);
}

function unreachable({ TWILIO_API_BASE_URL: api = '' }, file) {
  if (api === '') return undefined;
  const { protocol, host, hostname } = URL.canParse(api) ? new URL(api) : {};
  if (isLoopback(hostname))
    return `TWILIO_API_BASE_URL in ${file} is ${host}, on this machine, which a deployed function cannot reach; leave it empty`;
  return protocol === 'https:'
    ? undefined
    : `TWILIO_API_BASE_URL in ${file} must be an https origin, or every request of a deployed function fails; leave it empty`;
}
