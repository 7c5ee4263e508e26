import { parseUrl } from '../../src/lib/parse-url';
import { createCommand, parseArguments } from '../arguments';
import { UsageError } from '../errors';
import { help } from '../help';
import type { Terminal } from '../terminal';

const DEFAULT_PORT = '4010';

export interface Options {
  /** Of the emulator's stream. */
  readonly url: URL;
  readonly json: boolean;
}

interface Flags {
  readonly conversation?: string;
  readonly emulator?: string;
  readonly json?: true;
}

const describeCommand = () =>
  createCommand('events', '')
    .description(
      'Follow the events of the emulator: what reached each webhook and what it responded, or why not.',
    )
    .option('--conversation <sid>', 'of this conversation only')
    .option('--emulator <url>', `where it runs (default: http://127.0.0.1:${DEFAULT_PORT})`)
    .option('--json', 'print each event with its deliveries as one line of JSON')
    .addHelpText(
      'after',
      help(
        [
          'npm run events',
          'npm run events -- --conversation CH00000000000000000000000000000001',
          "npm run --silent events -- --json | jq -c '.webhooks[].reason'",
        ],
        { 0: 'it was stopped', 1: 'something failed', 2: 'wrong usage', 3: 'no emulator responds' },
        {
          EMULATOR_PORT: 'port of the emulator, unless --emulator is given',
          NO_COLOR: 'prints without colours',
          FORCE_COLOR: 'prints colours into a pipe too',
        },
      ),
    );

/** @returns undefined if it printed the help. @throws UsageError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  const command = describeCommand();
  if (!parseArguments(command, args, terminal)) return undefined;
  const { conversation, emulator, json = false } = command.opts<Flags>();
  const url = new URL('/_emulator/stream', originOf(emulator, env));
  if (conversation !== undefined) url.searchParams.set('ConversationSid', readSid(conversation));
  return { url, json };
}

function originOf(flag: string | undefined, env: NodeJS.ProcessEnv): string {
  const name = flag === undefined ? 'EMULATOR_PORT' : '--emulator';
  const url = parseUrl(flag ?? `http://127.0.0.1:${env.EMULATOR_PORT || DEFAULT_PORT}`);
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  const expected = flag === undefined ? 'a port' : 'a URL such as http://127.0.0.1:4010';
  throw new UsageError(`${name} must be ${expected}`);
}

function readSid(text: string): string {
  if (/^CH[0-9a-f]{32}$/.test(text)) return text;
  throw new UsageError('--conversation must be a SID such as CH00000000000000000000000000000001');
}
