import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Agents } from './send';

/** Runs deliveries behind the back of the API: no answer waits for them. */
export class Courier {
  readonly agents: Agents = {
    http: new Agent({ keepAlive: true }),
    https: new SecureAgent({ keepAlive: true }),
  };
  #underway = 0;
  #era = 0;
  #waiting: (() => void)[] = [];

  /** Starts the job once the answer to the current request is written. */
  start(job: () => Promise<void>): void {
    const era = this.#era;
    this.#underway += 1;
    setImmediate(async () => {
      try {
        if (era === this.#era) await job();
      } catch (error) {
        console.error(error);
      }
      this.#underway -= 1;
      if (this.#underway === 0) for (const tell of this.#waiting.splice(0)) tell();
    });
  }

  /** Drops what has not started yet. */
  forget(): void {
    this.#era += 1;
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.#underway === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.forget();
    this.agents.http.destroy();
    this.agents.https.destroy();
  }
}
