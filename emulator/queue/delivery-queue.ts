import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agents } from '../delivery/http';
import { type Place, Roads } from './reorder';

/** Runs deliveries behind the back of the API: no answer waits for them. */
export class Courier {
  readonly agents: Agents = {
    http: new Agent({ keepAlive: true }),
    https: new SecureAgent({ keepAlive: true }),
  };
  #underway = 0;
  #era = new AbortController();
  #roads = new Roads();
  #waiting: (() => void)[] = [];

  /** Starts the job once the answer to the current request is written. */
  start(job: () => Promise<void>): void {
    const { signal } = this.#era;
    this.#underway += 1;
    setImmediate(() => this.#run(job, signal));
  }

  /** Starts the job now. */
  apart(job: () => Promise<void>): void {
    this.#underway += 1;
    this.#run(job, this.#era.signal);
  }

  /** For each delivery when it comes up. Only what is on the same road overtakes. */
  enter(road: string, reorder: boolean): Place {
    return this.#roads.enter(road, reorder);
  }

  /** For a job: waits to be overtaken, if that is its place, but no longer than so many milliseconds. */
  async hold({ overtaken }: Place, patience: number): Promise<void> {
    if (overtaken === undefined) return;
    const { signal } = this.#era;
    const gone = this.#roads.wait(overtaken, patience);
    this.#look();
    await gone;
    signal.throwIfAborted();
  }

  /** For a job: waits so many milliseconds. */
  async pause(time: number): Promise<void> {
    if (time > 0) await sleep(time, undefined, { signal: this.#era.signal });
  }

  /** Drops what has not started yet, and what waits. */
  forget(): void {
    this.#era.abort();
    this.#era = new AbortController();
    this.#roads.letGo();
    this.#roads = new Roads();
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#look();
    });
  }

  close(): void {
    this.forget();
    this.agents.http.destroy();
    this.agents.https.destroy();
  }

  async #run(job: () => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      if (!signal.aborted) await job();
    } catch (error) {
      if (!signal.aborted) console.error(error);
    }
    this.#underway -= 1;
    this.#look();
  }

  #look(): void {
    if (this.#underway === 0) for (const tell of this.#waiting.splice(0)) tell();
    // Whoever waits for silence will not cause what these wait for.
    else if (this.#waiting.length > 0 && this.#underway === this.#roads.waiting) this.#roads.letGo();
  }
}
