import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler, Next } from 'hono';
import { corruptBody } from '../faults/corrupt-body';
import type { FaultEffect, RequestFacts } from '../faults/fault';
import { appliesAfterProcessing, type FaultInjector, type InjectedFaults } from '../faults/injector';
import type { DeliveryQueue } from '../queue/delivery-queue';
import { errorBody } from '../twilio/errors';
import { decodeForm, readText } from './body';

declare module 'hono' {
  interface ContextVariableMap {
    /** The faults of this request. */
    faults: InjectedFaults | undefined;
    /** Whether the client got no response. */
    dropped: boolean | undefined;
  }
}

interface FaultContext {
  readonly faults: FaultInjector;
  readonly queue: DeliveryQueue;
}

/** Stands around the API. Every request passes while there are no faults. */
export function injectFaults(context: FaultContext): MiddlewareHandler {
  return async (c, next) => {
    const injected = context.faults.isEmpty ? undefined : context.faults.next(await factsOf(c));
    return injected === undefined ? next() : apply(context, injected, c, next);
  };
}

// The body is read before a fault can end the connection. Hono keeps it for the API.
async function factsOf(c: Context): Promise<RequestFacts> {
  const { method, path } = c.req;
  return { method, path, body: method === 'POST' ? decodeForm(await readText(c)) : '' };
}

async function apply(context: FaultContext, injected: InjectedFaults, c: Context, next: Next): Promise<void> {
  const { effect, delayBeforeMs, delayAfterMs, processAfterMs } = injected;
  c.set('faults', injected);
  await delay(delayBeforeMs);
  if (effect !== undefined && !appliesAfterProcessing(effect)) {
    await applyEffect(effect, c);
    if (processAfterMs !== undefined) processLate(context.queue, processAfterMs, c, next);
    return;
  }
  await next();
  await delay(delayAfterMs);
  if (effect !== undefined) return applyEffect(effect, c);
}

/** Processes the request after its response. The API's own response is not sent. A reset cancels it. */
function processLate(queue: DeliveryQueue, afterMs: number, c: Context, next: Next): void {
  queue.addNow(async () => {
    await queue.delay(afterMs);
    respond(c, undefined);
    await next();
  });
}

async function applyEffect(effect: FaultEffect, c: Context): Promise<void> {
  if (effect.drop !== undefined) return drop(c);
  if (effect.status !== undefined) respond(c, errorResponse(effect.status, effect));
  if (effect.body === undefined) return;
  const corrupted = await corruptBody(c.res, effect.body);
  if (corrupted === undefined) return drop(c);
  respond(c, corrupted);
  // Content-Length promises more than was sent: closing the connection tells the client that nothing more will come.
  if (effect.body === 'truncate') outgoingOf(c).once('finish', () => socketOf(c).destroySoon());
}

function errorResponse(status: number, { code, message, retry_after }: FaultEffect): Response {
  const body = errorBody({
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
  respond(c, new Response(null));
}

// In two steps: Hono would keep the headers of the earlier response.
function respond(c: Context, response: Response | undefined): void {
  c.res = undefined;
  c.res = response;
  c.finalized = response !== undefined;
}

const outgoingOf = (c: Context) => (c.env as HttpBindings).outgoing;
const socketOf = (c: Context) => (c.env as HttpBindings).incoming.socket;

// Not by a timer that keeps the process alive: the server does that.
const delay = (ms: number) => (ms === 0 ? undefined : sleep(ms, undefined, { ref: false }));
