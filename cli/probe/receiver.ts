import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../errors';
import type { Fields } from './api';

const TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 1024 * 1024;
const TAG = 'probe';
const HOLD = 'hold';

/** A request that reached the receiver. */
export interface Received {
  readonly params: Fields;
  /** Of JSON. */
  readonly body: unknown;
  /** Whether the response is on its way. */
  isAnswered: boolean;
}

export const createTag = (): string => `probe-${randomBytes(6).toString('hex')}`;

/** Whether a URL was made by a receiver, of this run or another. */
export const isReceiverUrl = (url: string): boolean => new RegExp(`[?&]${TAG}=probe-[0-9a-f]{12}`).test(url);

/** Records what Twilio sends to a public URL, which leads to a port of this machine. */
export class Receiver {
  /** Of each tag that a URL was made for: whatever else comes is not ours. */
  readonly #requests = new Map<string, Received[]>();
  readonly #server: Server;

  private constructor(private readonly publicUrl: URL) {
    this.#server = createServer((request, response) => {
      this.#receive(request).then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      );
    });
  }

  /** Listens on the port. @throws CliError if that is not possible, or the URL does not lead to it */
  static async start({ url, port }: { readonly url: URL; readonly port: number }): Promise<Receiver> {
    const receiver = new Receiver(url);
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening').catch(({ code }) => {
      throw new CliError(`cannot listen on port ${port} (${code}); use --port, and lead --receiver to it`);
    });
    try {
      await receiver.#assertReachable(port);
      return receiver;
    } catch (error) {
      receiver.stop();
      throw error;
    }
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Where to send what belongs to a tag. @param holdMs how long the response should take */
  url(tag: string, holdMs = 0): string {
    this.#requests.set(tag, []);
    const url = new URL(this.publicUrl);
    url.searchParams.set(TAG, tag);
    if (holdMs > 0) url.searchParams.set(HOLD, `${Math.round(holdMs)}`);
    return url.href;
  }

  /** What came for a tag, the oldest first. */
  requests(tag: string): readonly Received[] {
    return this.#requests.get(tag) ?? [];
  }

  async #receive(request: IncomingMessage): Promise<number> {
    const { searchParams } = new URL(`${request.url}`, 'http://localhost');
    const requests = this.#requests.get(`${searchParams.get(TAG)}`);
    if (!requests) return 404;
    const text = await read(request);
    const isJson = /\bjson\b/i.test(`${request.headers['content-type']}`);
    const params = isJson ? {} : Object.fromEntries(new URLSearchParams(text));
    const received = { params, body: isJson ? JSON.parse(text) : undefined, isAnswered: false };
    requests.push(received);
    await sleep(Number(searchParams.get(HOLD)), undefined, { ref: false });
    received.isAnswered = true;
    return 200;
  }

  async #assertReachable(port: number): Promise<void> {
    const tag = createTag();
    const reached = await fetch(this.url(tag), {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(
      ({ ok }) => ok && this.requests(tag).length > 0,
      () => false,
    );
    if (!reached)
      throw new CliError(
        `--receiver: ${this.publicUrl.origin} does not lead to port ${port} of this machine; start the tunnel first`,
      );
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
