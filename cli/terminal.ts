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
  /** How many characters fit into a line of the screen; undefined if that is unknown. */
  readonly columns?: number | undefined;
  /** Shows a line on stderr in the place of the one before; undefined if it is not a terminal. An empty one clears it. */
  readonly status?: ((line: string) => void) | undefined;
  /**
   * Aborts when the process is asked to end, or nobody reads what it prints, as in `npm run events | head`. Once it is called,
   * neither ends the process.
   */
  readonly untilStopped?: () => AbortSignal;
  /** Asks a question that is answered with y or n; undefined if nobody could answer. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
}

/** The terminal of this process. */
export const terminal: Terminal = {
  folder: process.cwd(),
  out(line) {
    showStatus('');
    console.log(line);
  },
  err(line) {
    showStatus('');
    console.error(line);
  },
  isTerminal: process.stdout.isTTY ?? false,
  // 0 in some pseudo-terminals.
  columns: process.stdout.columns || undefined,
  status: process.stderr.isTTY ? showStatus : undefined,
  untilStopped,
  confirm: process.stdin.isTTY && process.stdout.isTTY ? confirm : undefined,
};

function untilStopped(): AbortSignal {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stopped.abort();
  });
  return stopped.signal;
}

let isStatusShown = false;

function showStatus(line: string): void {
  if (!line && !isStatusShown) return;
  isStatusShown = line !== '';
  process.stderr.write(`\r${line.slice(0, (process.stderr.columns || 80) - 1)}\u001b[K`);
}

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
