import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CliError } from '../errors';

/** What a run is about. One that differs is another run. */
export interface JournalHeader {
  readonly journal: 1;
  readonly command: 'sync' | 'retire';
  readonly account: string;
  readonly deployment: string;
  readonly policy: string;
  /** When the plan was made that is carried out. */
  readonly plan?: string | undefined;
  readonly profile?: string | undefined;
  readonly domain?: string | undefined;
}

/** What became of a conversation. `begun`: the run ended before it did. */
export type Result = 'begun' | 'changed' | 'unchanged' | 'skipped' | 'refused' | 'failed';

export interface JournalLine {
  readonly conversation: string;
  readonly result: Result;
  readonly why?: string;
  readonly steps?: readonly string[];
}

/** What a journal says of a run. */
export interface JournalContent {
  readonly header: JournalHeader;
  /** The last result of each conversation. */
  readonly results: ReadonlyMap<string, Result>;
  readonly finished: boolean;
  /** Length of what was written whole, in bytes: a run may be killed within a line. */
  readonly bytes: number;
}

const END = { end: true };

/** Parses a journal; undefined if the file is something else. */
export function parseJournal(text: string): JournalContent | undefined {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [header, ...lines] = whole.split('\n').slice(0, -1).map(parse);
  if (!isHeader(header)) return undefined;
  const results = new Map<string, Result>();
  let finished = false;
  for (const line of lines) {
    if (isLine(line)) results.set(line.conversation, line.result);
    else if (isDeepStrictEqual(line, END)) finished = true;
    else return undefined;
  }
  return { header, results, finished, bytes: Buffer.byteLength(whole) };
}

/** The file by which a run that was killed is resumed: each line is written before the next conversation begins. */
export class Journal {
  private constructor(
    private readonly file: number,
    /** What an earlier run did, if this one resumes it. */
    readonly results: ReadonlyMap<string, Result>,
  ) {}

  /**
   * Begins a journal, or resumes one.
   * @throws CliError if the run to resume is missing or another one, or if a new run would overwrite an unfinished one
   */
  static open(folder: string, name: string, header: JournalHeader, resume: boolean): Journal {
    const content = Journal.find(folder, name, header, resume);
    const path = resolve(folder, name);
    if (content) {
      const file = openSync(path, 'r+');
      ftruncateSync(file, content.bytes);
      closeSync(file);
      return new Journal(openSync(path, 'a'), content.results);
    }
    const journal = new Journal(openSync(path, 'w'), new Map());
    journal.#write(header);
    return journal;
  }

  /** The run to resume; undefined for a new one. @throws CliError as `open` */
  static find(
    folder: string,
    name: string,
    header: JournalHeader,
    resume: boolean,
  ): JournalContent | undefined {
    const text = readIfExists(resolve(folder, name));
    const content = text === undefined ? undefined : parseJournal(text);
    if (text && !content) throw new CliError(`${name} is not a journal; use --journal with another file`);
    if (!resume) {
      if (!content || content.finished) return undefined;
      throw new CliError(
        `${name} is of a run that did not finish; use --resume to finish it, or remove the file`,
      );
    }
    if (!content) throw new CliError(`${name} does not exist; leave out --resume to begin a new run`);
    if (content.finished) throw new CliError(`${name} is of a run that has finished; leave out --resume`);
    if (!isDeepStrictEqual(content.header, JSON.parse(JSON.stringify(header))))
      throw new CliError(
        `${name} is of another run: of another account, deployment, policy, plan or profile; remove the file to begin anew`,
      );
    return content;
  }

  note(line: JournalLine): void {
    this.#write(line);
  }

  finish(): void {
    this.#write(END);
    closeSync(this.file);
  }

  // In one call, and at once: what it says is done must be done, and the other way round.
  #write(line: object): void {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is JournalHeader {
  return (value as JournalHeader | undefined)?.journal === 1;
}

function isLine(value: unknown): value is JournalLine {
  const { conversation, result } = Object(value);
  return typeof conversation === 'string' && typeof result === 'string';
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliError(`${path} cannot be read`);
  }
}
