import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Position, ReorderBuffer } from './reorder';

export interface Agents {
  http: Agent;
  https: SecureAgent;
}

type Job = () => Promise<void>;

/** Runs deliveries in the background: no API response waits for one. */
export class DeliveryQueue {
  readonly agents: Agents = {
    http: new Agent({ keepAlive: true }),
    https: new SecureAgent({ keepAlive: true }),
  };
  #unfinished = 0;
  #pending = new AbortController();
  #reordered = new ReorderBuffer();
  #idleListeners: (() => void)[] = [];

  /** Runs the job once the response to the current request is written. */
  add(job: Job): void {
    const { signal } = this.#pending;
    this.#unfinished += 1;
    setImmediate(() => this.#run(job, signal));
  }

  /** Runs the job at once, without the caller waiting for it. */
  addNow(job: Job): void {
    this.#unfinished += 1;
    this.#run(job, this.#pending.signal);
  }

  /** To be called in the order of the events. Only deliveries with the same ordering key change places. */
  position(orderingKey: string, reorder: boolean): Position {
    return this.#reordered.add(orderingKey, reorder);
  }

  /** Called by a job: waits until the next delivery has gone first, if that is its position. */
  async waitForNext({ held }: Position, timeoutMs: number): Promise<void> {
    if (held === undefined) return;
    const { signal } = this.#pending;
    const released = this.#reordered.wait(held, timeoutMs);
    this.#notify();
    await released;
    signal.throwIfAborted();
  }

  /** Called by a job. */
  async delay(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.#pending.signal });
  }

  /** Drops the jobs that have not started, and those that wait. Requests on the wire still arrive. */
  cancelPending(): void {
    this.#pending.abort();
    this.#pending = new AbortController();
    this.#reordered.releaseAll();
    this.#reordered = new ReorderBuffer();
  }

  /** Resolves when no job is left. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleListeners.push(resolve);
      this.#notify();
    });
  }

  close(): void {
    this.cancelPending();
    this.agents.http.destroy();
    this.agents.https.destroy();
  }

  async #run(job: Job, signal: AbortSignal): Promise<void> {
    try {
      if (!signal.aborted) await job();
    } catch (error) {
      if (!signal.aborted) console.error(error);
    }
    this.#unfinished -= 1;
    this.#notify();
  }

  #notify(): void {
    if (this.#unfinished === 0) for (const resolve of this.#idleListeners.splice(0)) resolve();
    // A client that waits for silence will not cause the delivery that these wait for.
    else if (this.#idleListeners.length > 0 && this.#unfinished === this.#reordered.waiting) {
      this.#reordered.releaseAll();
    }
  }
}
