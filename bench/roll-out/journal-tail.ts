import { closeSync, existsSync, openSync, readSync } from 'node:fs';

const CHUNK = 64 * 1024;

/** Reads what is added to a journal of `npm run fleet`, while it is written. */
export class JournalTail {
  /** How many conversations were dealt with. */
  results = 0;
  /** Those that were changed. */
  readonly changed: string[] = [];
  #offset = 0;

  constructor(private readonly path: string) {}

  read(): void {
    if (!existsSync(this.path)) return;
    const file = openSync(this.path, 'r');
    const chunk = Buffer.alloc(CHUNK);
    for (;;) {
      const text = chunk.toString('utf8', 0, readSync(file, chunk, 0, CHUNK, this.#offset));
      // A run that is killed may leave a part of a line, which the next one removes.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      if (whole === '') break;
      this.#offset += Buffer.byteLength(whole);
      for (const line of whole.split('\n').slice(0, -1)) this.#note(JSON.parse(line));
    }
    closeSync(file);
  }

  #note({ conversation, result }: { conversation?: string; result?: string }): void {
    if (conversation === undefined || result === 'begun') return;
    this.results += 1;
    if (result === 'changed') this.changed.push(conversation);
  }
}
