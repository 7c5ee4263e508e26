// `npm run studio -- hand-off --url https://YOUR-DOMAIN`: prints a flow of flows/ as it can be imported, with the places
// filled in that differ from account to account. Asks nobody: what it needs is said in its arguments.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './install.mjs';
import { isLoopback } from './loopback.mjs';

const folder = join(root, 'flows');
const EXTENSION = '.flow.json';
const names = readdirSync(folder)
  .filter((name) => name.endsWith(EXTENSION))
  .map((name) => name.slice(0, -EXTENSION.length));
const example = {
  url: 'https://conversation-webhooks-1234-dev.twil.io',
  'monitor-url': 'https://monitor.example.com/keywords',
};
const usage = `npm run studio -- ${names.join('|')} --url https://YOUR-DOMAIN`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      url: { type: 'string' },
      'monitor-url': { type: 'string' },
      'service-sid': { type: 'string' },
      'environment-sid': { type: 'string' },
      'function-sid': { type: 'string', multiple: true },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const [name, ...more] = positionals;
  if (!names.includes(name) || more.length > 0) throw new Error(`which flow? ${usage}`);
  const flow = JSON.parse(readFileSync(join(folder, name + EXTENSION), 'utf8'));
  console.log(JSON.stringify(fill(flow, name, values), null, 2));
} catch (error) {
  // Node's own text of a wrong option goes on for several sentences about positional arguments.
  const wrongOption = String(error.code).startsWith('ERR_PARSE_ARGS');
  console.error(wrongOption ? `${error.message.split('. ')[0]}. ${usage}` : error.message);
  process.exit(1);
}

function fill(flow, name, values) {
  const places = [
    ['https://YOUR-DOMAIN', 'url', originOf],
    ['https://YOUR-MONITOR/keywords', 'monitor-url', (url) => url],
  ];
  let text = JSON.stringify(flow);
  for (const [place, option, write] of places) {
    if (!text.includes(place)) {
      if (values[option] !== undefined) throw new Error(`--${option}: ${name} has no use for it`);
      continue;
    }
    checkUrl(option, values[option]);
    text = text.replaceAll(place, JSON.stringify(write(values[option])).slice(1, -1));
  }
  const filled = JSON.parse(text);
  const sids = sidsOf(values);
  if (sids) for (const { type, properties } of filled.states) if (type === 'run-function') sids(properties);
  return filled;
}

// http is for the emulator, on this machine.
function checkUrl(option, url) {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : {};
  const here = protocol === 'http:' && isLoopback(hostname);
  if (url?.includes('YOUR-') || (protocol !== 'https:' && !here))
    throw new Error(`--${option} has to be an https URL of yours, such as --${option} ${example[option]}`);
}

function originOf(url) {
  const { origin, href } = new URL(url);
  if (href !== `${origin}/`) throw new Error(`--url takes no path; it looks like ${example.url}`);
  return origin;
}

/** What the Console's own editor writes beside the URL; all of it, or nothing. */
function sidsOf(values) {
  const { 'service-sid': service, 'environment-sid': environment, 'function-sid': pairs = [] } = values;
  if (service === undefined && environment === undefined && pairs.length === 0) return undefined;
  checkSid('service-sid', service, 'ZS');
  checkSid('environment-sid', environment, 'ZE');
  const functions = new Map(pairs.map((pair) => pair.split('=')));
  return (properties) => {
    const path = new URL(properties.url).pathname;
    checkSid('function-sid', functions.get(path), 'ZH', `${path}=`);
    Object.assign(properties, {
      service_sid: service,
      environment_sid: environment,
      function_sid: functions.get(path),
    });
  };
}

function checkSid(option, sid, prefix, before = '') {
  if (!new RegExp(`^${prefix}[0-9a-f]{32}$`, 'i').test(sid ?? ''))
    throw new Error(`--${option} ${before}${prefix}… is missing, or has another form`);
}
