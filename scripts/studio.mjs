// `npm run studio -- hand-off --url https://YOUR-DOMAIN`: prints a flow of flows/ as it can be imported, with the places
// filled in that differ from account to account. It calls nobody: all it needs is in its arguments.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';
import { isLoopback } from './loopback.mjs';
import { oneOfNames, readOptions, UsageError } from './options.mjs';

const folder = join(root, 'flows');
const EXTENSION = '.flow.json';
const names = readdirSync(folder)
  .filter((name) => name.endsWith(EXTENSION))
  .map((name) => name.slice(0, -EXTENSION.length));
const example = {
  url: 'https://conversation-webhooks-1234-dev.twil.io',
  'monitor-url': 'https://monitor.example.com/keywords',
};

const { values, positionals } = readOptions({
  name: 'npm run studio --',
  usage: `${names.join('|')} --url https://YOUR-DOMAIN`,
  description: 'Print a Studio flow to import, with the URLs and SIDs of your deployment filled in.',
  argument: oneOfNames(names),
  limit: 1,
  options: {
    url: { value: 'url', description: 'where the functions are deployed' },
    'monitor-url': {
      value: 'url',
      description: 'the receiver of the keyword monitor (keyword-monitor only)',
    },
    'service-sid': {
      value: 'sid',
      description: 'the Functions service, ZS…; the Console shows the names then',
    },
    'environment-sid': { value: 'sid', description: 'its environment, ZE…; needed with --service-sid' },
    'function-sid': {
      value: 'path=sid',
      multiple: true,
      description: 'a function, such as /webhooks/sync=ZH…; once for each function of the flow',
    },
  },
  examples: [
    `npm run -s studio -- hand-off --url ${example.url} > hand-off.json`,
    `npm run -s studio -- keyword-monitor --url ${example.url} --monitor-url ${example['monitor-url']}`,
  ],
});

try {
  const [name] = positionals;
  if (name === undefined) throw new UsageError(`the name of a flow is missing; use ${names.join(' or ')}`);
  const flow = JSON.parse(readFileSync(join(folder, name + EXTENSION), 'utf8'));
  console.log(JSON.stringify(fill(flow, name, values), null, 2));
} catch (error) {
  console.error(error.message);
  process.exit(error instanceof UsageError ? 2 : 1);
}

function fill(flow, name, values) {
  const places = [
    ['https://YOUR-DOMAIN', 'url', originOf],
    ['https://YOUR-MONITOR/keywords', 'monitor-url', (url) => url],
  ];
  let text = JSON.stringify(flow);
  for (const [place, option, write] of places) {
    if (!text.includes(place)) {
      if (values[option] !== undefined)
        throw new UsageError(`--${option} is not used by ${name}; leave it out`);
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
    throw new UsageError(`--${option} must be an https URL of yours, such as --${option} ${example[option]}`);
}

function originOf(url) {
  const { origin, href } = new URL(url);
  if (href !== `${origin}/`)
    throw new UsageError(`--url must not have a path; use a URL such as ${example.url}`);
  return origin;
}

/** The SIDs that the Console's editor writes next to the URL; all of them, or none. */
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
    throw new UsageError(
      `--${option} ${before}${prefix}… is missing or malformed; use ${prefix} and 32 hexadecimal digits`,
    );
}
