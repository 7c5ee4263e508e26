import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { CliError } from '../errors';
import type { Terminal } from '../terminal';
import { STDOUT } from './options';

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

/** Where the lines of a report go. */
interface ReportLines {
  write(line: object): Promise<void>;
  close(): Promise<void>;
}

/** @param target a file, or STDOUT; undefined: nowhere */
export function openReport(target: string | undefined, { folder, out }: Terminal): ReportLines | undefined {
  if (target === undefined) return undefined;
  if (target !== STDOUT) return new ReportFile(folder, target);
  return { write: async (line) => out(JSON.stringify(line)), close: async () => undefined };
}

/** A file with one line of JSON for each conversation, after a header. */
export class ReportFile implements ReportLines {
  readonly #stream: WriteStream;
  readonly #opened: Promise<unknown>;
  /** Undefined while there is room. */
  #drained: Promise<unknown> | undefined;

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
    if (this.#stream.write(`${JSON.stringify(line)}\n`)) return;
    this.#drained ??= once(this.#stream, 'drain').finally(() => {
      this.#drained = undefined;
    });
    await this.#drained;
  }

  async close(): Promise<void> {
    await this.#opened;
    this.#stream.end();
    await once(this.#stream, 'close');
  }
}
