import { didYouMean, oneOf } from '../../src/lib/error-text';
import { parseUrl } from '../../src/lib/parse-url';
import { isLoopback } from '../../src/lib/url';
import { assertWithoutToken, createCommand, parseArguments } from '../arguments';
import { givenDeployment } from '../deployment';
import { UsageError } from '../errors';
import { help } from '../help';
import type { Terminal } from '../terminal';
import { readVariables } from '../variables';
import type { Places, Sids } from './fill';
import { flowNames } from './flows';

export interface Options {
  readonly flow: string;
  readonly places: Places;
  /** All that the Console shows, or none. */
  readonly sids?: Sids | undefined;
}

interface Flags {
  readonly url?: string;
  readonly monitorUrl?: string;
  readonly serviceSid?: string;
  readonly environmentSid?: string;
  readonly functionSid?: readonly string[];
  readonly env?: string;
}

const URL_EXAMPLE = 'https://my-service-1234-dev.twil.io';
const MONITOR_EXAMPLE = 'https://monitor.example.com/keywords';

const describeCommand = (names: readonly string[]) =>
  createCommand('studio', '<flow>')
    .description('Print a Studio flow to import, with the URLs and SIDs of your deployment filled in.')
    .argument('<flow>', oneOf(names))
    .option('--url <url>', 'where the functions are deployed (default: CONVERSATION_WEBHOOKS_URL)')
    .option('--monitor-url <url>', 'the receiver of the keyword monitor (keyword-monitor only)')
    .option('--service-sid <sid>', 'the Functions service, ZS…; the Console shows the names then')
    .option('--environment-sid <sid>', 'its environment, ZE…; needed with --service-sid')
    .option(
      '--function-sid <path=sid>',
      'a function, such as /webhooks/sync=ZH…; once for each function of the flow',
      (pair: string, earlier: readonly string[] = []) => [...earlier, pair],
    )
    .option('--json', 'print an error as JSON, too; the flow always is')
    .option('--env <file>', 'file of variables (default: the environment, else .env)')
    .addHelpText(
      'after',
      help(
        [
          `npm run -s studio -- hand-off --url ${URL_EXAMPLE} > hand-off.json`,
          `npm run -s studio -- keyword-monitor --url ${URL_EXAMPLE} --monitor-url ${MONITOR_EXAMPLE}`,
        ],
        { 0: 'the flow is printed', 1: 'the flow cannot be read', 2: 'wrong usage' },
      ),
    );

/** @returns undefined if it printed the help. @throws UsageError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  const names = flowNames(terminal.folder);
  const command = describeCommand(names);
  if (!parseArguments(command, args, terminal)) return undefined;
  const { url, monitorUrl, env: file, ...sids } = command.opts<Flags>();
  const variables = readVariables(file, env, terminal.folder);
  assertWithoutToken(args, variables);
  const [flow] = command.args as [string];
  if (!names.includes(flow))
    throw new UsageError(
      `${JSON.stringify(flow)} is not a flow of this bundle${didYouMean(flow, names) || `; use ${oneOf(names)}`}`,
    );
  if (monitorUrl !== undefined) assertMonitorUrl(monitorUrl);
  const { origin } = givenDeployment(url, file, env, variables).url;
  return { flow, places: { url: origin, monitorUrl }, sids: readSids(sids) };
}

// http is for an emulator's receiver, on this machine.
function assertMonitorUrl(text: string): void {
  const { protocol, hostname = '' } = parseUrl(text) ?? {};
  const isHere = protocol === 'http:' && isLoopback(hostname);
  if (text.includes('YOUR-') || (protocol !== 'https:' && !isHere))
    throw new UsageError(
      `--monitor-url must be an https URL of yours, such as --monitor-url ${MONITOR_EXAMPLE}`,
    );
}

function readSids({ serviceSid, environmentSid, functionSid = [] }: Flags): Sids | undefined {
  if (serviceSid === undefined && environmentSid === undefined && functionSid.length === 0) return undefined;
  const functions = new Map(
    functionSid.map((pair) => {
      const [path = '', sid] = pair.split('=');
      return [path, sid];
    }),
  );
  return {
    service: readSid('--service-sid', serviceSid, 'ZS'),
    environment: readSid('--environment-sid', environmentSid, 'ZE'),
    functionAt: (path) => readSid('--function-sid', functions.get(path), 'ZH', `${path}=`),
  };
}

function readSid(option: string, sid: string | undefined, prefix: string, before = ''): string {
  if (sid !== undefined && new RegExp(`^${prefix}[0-9a-f]{32}$`, 'i').test(sid)) return sid;
  throw new UsageError(
    `${option} ${before}${prefix}… is missing or malformed; use ${prefix} and 32 hexadecimal digits`,
  );
}
