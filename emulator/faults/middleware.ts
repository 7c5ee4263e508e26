import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { printError } from '../twilio/errors';
import { spoil } from './corrupt-body';
import type { Deed } from './fault';
import { behind, type Faults, type Met } from './injector';

declare module 'hono' {
  interface ContextVariableMap {
    /** The faults that this request met. */
    met: Met | undefined;
    /** Nobody got the answer. */
    dropped: boolean | undefined;
  }
}

/** Stands in front of the API and behind it, and lets everything pass while there are no faults. */
export function inject(faults: Faults): MiddlewareHandler {
  return (c, next) => {
    const met = faults.none ? undefined : faults.meet(c.req.method, c.req.path);
    return met === undefined ? next() : strike(met, c, next);
  };
}

async function strike(met: Met, c: Context, next: () => Promise<void>): Promise<void> {
  const { deed, before, after } = met;
  c.set('met', met);
  await wait(before);
  if (deed !== undefined && !behind(deed)) return done(deed, c);
  await next();
  await wait(after);
  if (deed !== undefined) return done(deed, c);
}

async function done(deed: Deed, c: Context): Promise<void> {
  if (deed.drop !== undefined) return drop(c);
  if (deed.status !== undefined) answer(c, refusal(deed.status, deed));
  if (deed.body === undefined) return;
  const spoilt = await spoil(c.res, deed.body);
  if (spoilt === undefined) return drop(c);
  answer(c, spoilt);
  // The answer promised more than it has: who waits for the rest is told by the end of the connection.
  if (deed.body === 'truncate') outgoingOf(c).once('finish', () => socketOf(c).destroySoon());
}

function refusal(status: number, { code, message, retry_after }: Deed): Response {
  const body = printError({
    code: code ?? 20_000 + status,
    message: message ?? STATUS_CODES[status] ?? 'Error',
    status,
  });
  const headers = new Headers({ 'Content-Type': 'application/json' });
  if (retry_after !== undefined) headers.set('Retry-After', String(retry_after));
  return new Response(JSON.stringify(body), { status, headers });
}

function drop(c: Context): void {
  socketOf(c).destroy();
  c.set('dropped', true);
  answer(c, new Response(null));
}

// In two steps: Hono would add the headers of the answer that was there.
function answer(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}

const outgoingOf = (c: Context) => (c.env as HttpBindings).outgoing;
const socketOf = (c: Context) => (c.env as HttpBindings).incoming.socket;

// The server keeps the process alive, not what it waits for.
const wait = (time: number) => (time === 0 ? undefined : sleep(time, undefined, { ref: false }));
