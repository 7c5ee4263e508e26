import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { CliError } from '../errors';

/** The first line of a report's file: what was compared with what. */
export interface ReportHeader {
  readonly report: 1;
  readonly account: string;
  readonly deployment: string;
  readonly policy: string;
  /** Where conversations that are not managed would go. */
  readonly profile?: string | undefined;
  readonly at: string;
}

/** A file with one line of JSON for each conversation, after a header. */
export class ReportFile {
  readonly #stream: WriteStream;
  readonly #opened: Promise<unknown>;

  constructor(
    folder: string,
    private readonly file: string,
  ) {
    this.#stream = createWriteStream(resolve(folder, file));
    this.#opened = once(this.#stream, 'open').catch(() => {
      throw new CliError(`${this.file} cannot be written; check the path`);
    });
    // Whoever writes first waits for it.
    this.#opened.catch(() => undefined);
  }

  async write(line: object): Promise<void> {
    await this.#opened;
    if (!this.#stream.write(`${JSON.stringify(line)}\n`)) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    await this.#opened;
    this.#stream.end();
    await once(this.#stream, 'close');
  }
}
