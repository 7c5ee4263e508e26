import { ApiError } from '../../src/lib/api-error';
import { fieldsOf } from '../../src/twilio/api';
import type { Client, Fields } from '../client';
import type { Line, Log } from './case';
import { byDate, toMs } from './time';

/** Twilio returns up to 1,000 on a page; a response may have 1 MB. */
const PAGE_SIZE = 250;
const MAX_LINES = 20_000;

/** Reads what the functions on this host logged about a conversation. @param names its SID, and its unique name */
export async function readLog(
  client: Client,
  host: string,
  names: readonly string[],
  from: string,
): Promise<Log> {
  try {
    const environment = await findEnvironment(client, host);
    if (environment === undefined)
      return { issue: `no environment of the account's functions has the domain ${host}`, from, lines: [] };
    const query = new URLSearchParams({ StartDate: from, PageSize: String(PAGE_SIZE) });
    const lines: Line[] = [];
    let count = 0;
    let oldest = '';
    for await (const { message, date_created } of client.records(
      'serverless',
      `${environment}/Logs?${query}`,
      'logs',
    )) {
      const date = `${date_created}`;
      const line = parseLine(`${message}`, date, names);
      if (line) lines.push(line);
      if (oldest === '' || toMs(date) < toMs(oldest)) oldest = date;
      count += 1;
      if (count === MAX_LINES) break;
    }
    return { issue: null, from: count < MAX_LINES ? from : oldest, lines: lines.sort(byDate) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { issue: `${error.code} ${error.message}`, from, lines: [] };
  }
}

/** The path of the environment that serves the host. */
async function findEnvironment(client: Client, host: string): Promise<string | undefined> {
  const services: Fields[] = [];
  for await (const service of client.records('serverless', '/v1/Services?PageSize=100', 'services'))
    services.push(service);
  // The host of an environment begins with the base of its service, unless it is a domain of somebody's own.
  const isLikely = ({ domain_base: base }: Fields) => typeof base === 'string' && host.startsWith(base);
  for (const { sid } of services.sort((a, b) => Number(isLikely(b)) - Number(isLikely(a)))) {
    const path = `/v1/Services/${encodeURIComponent(`${sid}`)}/Environments`;
    for await (const environment of client.records('serverless', `${path}?PageSize=100`, 'environments'))
      if (environment.domain_name === host) return `${path}/${encodeURIComponent(`${environment.sid}`)}`;
  }
  return undefined;
}

/** Undefined if it is not a line about this conversation. */
export function parseLine(text: string, date: string, names: readonly string[]): Line | undefined {
  const line = parseJson(text.slice(Math.max(0, text.indexOf('{"operation"'))));
  const about = [line.conversation, ...(Array.isArray(line.conversations) ? line.conversations : [])];
  if (!about.some((name) => names.includes(`${name}`))) return undefined;
  const { operation, rule, nearest, replayed } = line;
  return {
    date,
    operation: string(operation) ?? '',
    event: string(line.event),
    index: number(line.index),
    status: number(line.status) ?? 0,
    result: string(line.result),
    rule: string(rule) ?? number(rule),
    from: line.from === null ? null : string(line.from),
    to: line.to === null ? null : string(line.to),
    steps: strings(line.steps),
    replay: number(line.replay),
    replayed: typeof replayed === 'boolean' ? replayed : undefined,
    why: string(line.why),
    nearest: nearest === undefined ? undefined : toNearest(fieldsOf(nearest)),
    code: number(line.code),
    message: string(line.message),
    warnings: strings(line.warnings),
    ms: number(line.ms),
  };
}

function toNearest({ rule, needs }: Fields): NonNullable<Line['nearest']> {
  return { rule: `${rule}`, needs: strings(needs) ?? [] };
}

function parseJson(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

const string = (value: unknown) => (typeof value === 'string' ? value : undefined);
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
const strings = (value: unknown) => (Array.isArray(value) ? value.map(String) : undefined);
