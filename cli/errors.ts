/** Ends a command with one sentence for whoever typed it, and an exit code. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The command was typed wrong, and nothing was sent. */
export class UsageError extends CliError {
  constructor(message: string) {
    super(message, 2);
  }
}
