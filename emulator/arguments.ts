import { parseArgs } from 'node:util';
import type { EmulatorSettings } from './server';
import { defaultOptions, setOption } from './state/options';

const DEFAULT_PORT = '4010';

export interface Arguments {
  port: number;
  settings: EmulatorSettings;
}

const usage = 'Usage: npm run emulator -- [--port N] [--allow-remote] [--seed TEXT] [--option NAME=VALUE]…';

/** @throws Error with one sentence that says what would be right */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Arguments {
  const { values } = parse(args);
  const options = defaultOptions();
  for (const option of values.option ?? []) {
    const [name = '', ...rest] = option.split('=');
    if (rest.length === 0) throw new Error(`--option takes NAME=VALUE, not ${option}.`);
    setOption(options, name, rest.join('='));
  }
  return {
    port: readPort(values.port, env.EMULATOR_PORT),
    settings: {
      options,
      allowRemote: values['allow-remote'] ?? false,
      ...(values.seed === undefined ? {} : { seed: values.seed }),
    },
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        seed: { type: 'string' },
        option: { type: 'string', multiple: true },
        'allow-remote': { type: 'boolean' },
      },
    });
  } catch (error) {
    // Node's own text goes on for several sentences about positional arguments.
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new Error(`${reason?.replace(/\.$/, '')}. ${usage}`);
  }
}

function readPort(flag: string | undefined, variable: string | undefined): number {
  const port = flag ?? (variable || DEFAULT_PORT);
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  throw new Error(
    `${flag === undefined ? 'EMULATOR_PORT' : '--port'} takes a number from 0 to 65535, not ${port}.`,
  );
}
