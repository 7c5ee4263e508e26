import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { quote, suggest } from './error-text';
import type { EmulatorSettings } from './server';
import { defaultOptions, type Options, setOption } from './state/options';

const DEFAULT_PORT = '4010';
const HINT = 'npm run emulator -- --help lists the options.';

const flags = {
  port: { type: 'string' },
  option: { type: 'string' },
  options: { type: 'string' },
  seed: { type: 'string' },
  'allow-remote': { type: 'boolean' },
  tls: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export const help = `Usage: npm run emulator -- [options]

Options:
  --port N             Port to listen on; 0 finds a free one.
                       Default: EMULATOR_PORT, or ${DEFAULT_PORT}.
  --option NAME=VALUE  Sets an option of docs/emulator.md. Can be repeated.
  --options FILE       Sets the options of a JSON object.
  --seed STRING        Makes SIDs and random faults the same in every run.
  --allow-remote       Allows deliveries to leave this machine.
  --tls                Serves https://*.twilio.com too, as a proxy, and
                       prints what unmodified clients need.
  --help               Prints this help.

Examples:
  npm run emulator -- --port 4011
  npm run emulator -- --option studioReattaches=late --option webhookTimeout=500
  npm run emulator -- --options options.json
  npm run emulator -- --seed monday
  npm run emulator -- --tls
`;

interface Arguments {
  help: boolean;
  port: number;
  tls: boolean;
  settings: EmulatorSettings;
}

/** @throws Error with one line for the user */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Arguments {
  const options = defaultOptions();
  const settings: EmulatorSettings = { options };
  let port: string | undefined;
  let needsHelp = false;
  let tls = false;
  for (const { name, value } of parse(args)) {
    if (name === 'help') needsHelp = true;
    else if (name === 'allow-remote') settings.allowRemote = true;
    else if (name === 'tls') tls = true;
    else if (name === 'port') port = value;
    else if (name === 'seed') settings.seed = value;
    else if (name === 'options') setOptions(options, value);
    else {
      const [, option, setting] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
      if (option === undefined) throw new Error(`--option must be NAME=VALUE, not ${value}.`);
      setOption(options, option, `${setting}`);
    }
  }
  return { help: needsHelp, port: needsHelp ? 0 : readPort(port, env.EMULATOR_PORT), tls, settings };
}

function setOptions(options: Options, file: string): void {
  for (const [name, value] of Object.entries(readObject(file))) {
    try {
      // Not String(), which makes one value of an array of one.
      setOption(options, name, typeof value === 'string' ? value : JSON.stringify(value));
    } catch (error) {
      throw new Error(`--options ${file}: ${(error as Error).message}`);
    }
  }
}

function readObject(file: string): object {
  const refuse = (reason: string): never => {
    throw new Error(`--options ${file}: ${reason}`);
  };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`cannot read the file (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {}
  return refuse('must be a JSON object of options, such as {"defaultMethod": "get"}');
}

// Not strict: Node's own messages go on for several sentences, and suggest nothing.
function parse(args: string[]): { name: keyof typeof flags; value: string }[] {
  const { tokens } = parseArgs({ args, options: flags, strict: false, tokens: true });
  return tokens.flatMap((token) => {
    if (token.kind === 'option-terminator') return [];
    if (token.kind === 'positional') throw new Error(`Unexpected argument ${token.value}. ${HINT}`);
    const { name, rawName, value, inlineValue } = token;
    if (!isFlag(name)) {
      const known = Object.keys(flags).map((flag) => `--${flag}`);
      throw new Error(`Unknown option ${quote(rawName)}${suggest(rawName, known)}`);
    }
    if (flags[name].type === 'boolean') {
      if (value !== undefined) throw new Error(`${rawName} takes no value. ${HINT}`);
    } else if (value === undefined || (!inlineValue && value.startsWith('-'))) {
      throw new Error(`${rawName} needs a value. ${HINT}`);
    }
    return [{ name, value: value ?? '' }];
  });
}

const isFlag = (name: string): name is keyof typeof flags => Object.hasOwn(flags, name);

function readPort(flag: string | undefined, variable: string | undefined): number {
  const port = flag ?? (variable || DEFAULT_PORT);
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  const name = flag === undefined ? 'EMULATOR_PORT' : '--port';
  throw new Error(`${name} must be a number from 0 to 65535, not ${quote(port)}.`);
}
