import { createInterface } from 'node:readline';

/** Where a command reads and writes. */
export interface Terminal {
  /** Where the project is. */
  readonly folder: string;
  /** Prints a line on stdout. */
  out(line: string): void;
  /** Prints a line on stderr. */
  err(line: string): void;
  /** Whether `out` prints on a screen. */
  readonly isTerminal?: boolean;
  /** Asks a question that is answered with y or n; undefined if nobody could answer. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
}

/** The terminal of this process. */
export const terminal: Terminal = {
  folder: process.cwd(),
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  isTerminal: process.stdout.isTTY ?? false,
  confirm: process.stdin.isTTY && process.stdout.isTTY ? confirm : undefined,
};

/** End of input, as by Ctrl-D, means no. */
function confirm(question: string): Promise<boolean> {
  return new Promise((resolve) => {
    const reader = createInterface({ input: process.stdin, output: process.stdout });
    reader.once('close', () => resolve(false));
    reader.question(question, (reply) => {
      resolve(/^y(es)?$/i.test(reply.trim()));
      reader.close();
    });
  });
}
