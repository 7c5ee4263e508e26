import { writeSync } from 'node:fs';
import { createApp } from '../emulator/app';
import { createContext } from '../emulator/context';
import { seed } from '../emulator/seed';
import { ACCOUNT_SID, AUTH_TOKEN, DEFAULT_SERVICE_SID } from '../emulator/twilio/account';
import { interleave } from './measure';

// An emulator that lives long, in one process with its clients: node --expose-gc long-run.js PLAN, which is JSON.

export interface Plan {
  /** After these every list of the emulator is full. */
  readonly before: number;
  /** How many more are measured. */
  readonly messages: number;
  /** Conversations to page through. */
  readonly conversations: number;
  readonly rounds: number;
}

export interface LongRun {
  /** MB of living objects: at the start, with full lists, and after the other messages. */
  readonly heap: { readonly start: number; readonly full: number; readonly end: number };
  /** What is left of each message that is not deleted, in bytes. */
  readonly bytesPerMessage: number;
  /** Milliseconds for a page, by round. */
  readonly pages: Record<'first' | 'deep' | 'firstMessages' | 'deepMessages', number[]>;
}

const DEMO = 'CH00000000000000000000000000000001';
const MESSAGES = `/v1/Conversations/${DEMO}/Messages`;
const PAGE = 50;
const MB = 1024 * 1024;
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;

const context = createContext();
seed(context);
const app = createApp(context);

interface Body {
  readonly sid: string;
  readonly meta: { readonly next_page_url: string };
}

async function request(method: string, path: string, form?: Readonly<Record<string, string>>) {
  const response = await app.request(path, {
    method,
    headers: {
      Authorization: AUTHORIZATION,
      'X-Twilio-Webhook-Enabled': 'true',
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (response.status === 204 ? {} : await response.json()) as Body;
}

/** Writes messages, each of which a flow and a webhook get; with `keep` the latest of them stay. */
async function write(count: number, keep = count): Promise<void> {
  const written: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const message = await request('POST', MESSAGES, { Author: 'agent', Body: `message ${n}` });
    written.push(message.sid);
    if (written.length > keep) await request('DELETE', `${MESSAGES}/${written.shift()}`);
    if (n % 100 === 0) await context.queue.idle();
  }
  await context.queue.idle();
}

/** MB of what is still referred to. */
function heap(): number {
  for (let time = 0; time < 3; time += 1) global.gc?.();
  return process.memoryUsage().heapUsed / MB;
}

async function measureMemory({ before, messages }: Plan) {
  const start = heap();
  // It is blocked, since it would leave this machine: signed and recorded, but not sent.
  for (const webhook of [
    { Target: 'studio', 'Configuration.FlowSid': `FW${'0'.repeat(32)}` },
    {
      Target: 'webhook',
      'Configuration.Url': 'https://crm.example/in',
      'Configuration.Filters': 'onMessageAdded',
    },
  ])
    await request('POST', `/v1/Conversations/${DEMO}/Webhooks`, webhook);
  await write(before, 1_000);
  const full = heap();
  await write(messages, 1_000);
  const end = heap();
  const kept = 10_000;
  await write(kept);
  return { heap: { start, full, end }, bytesPerMessage: ((heap() - end) * MB) / kept };
}

/** The first page of a list, and the last but one, each by the token that a client has. */
async function measurePages({ conversations, rounds }: Plan) {
  await app.request('/_emulator/seed', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `conversations=${conversations}`,
  });
  const timed = (path: string) => async () => {
    const began = performance.now();
    await request('GET', path);
    return performance.now() - began;
  };
  const list = `/v1/Services/${DEFAULT_SERVICE_SID}/Conversations?PageSize=${PAGE}`;
  const messages = `${MESSAGES}?PageSize=${PAGE}`;
  return interleave(rounds, {
    first: timed(list),
    deep: timed(await deepest(list, conversations)),
    firstMessages: timed(messages),
    deepMessages: timed(await deepest(messages, 10_000)),
  });
}

async function deepest(list: string, count: number): Promise<string> {
  const page = await request('GET', `${list}&Page=${Math.floor(count / PAGE) - 2}`);
  return page.meta.next_page_url;
}

async function main() {
  const plan: Plan = JSON.parse(process.argv[2] ?? '');
  const memory = await measureMemory(plan);
  const result: LongRun = { ...memory, pages: await measurePages(plan) };
  writeSync(1, `\n${JSON.stringify(result)}\n`);
  process.exit(0);
}

main().catch(({ message }: Error) => {
  console.error(message);
  process.exit(1);
});
