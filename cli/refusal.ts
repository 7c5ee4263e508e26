/** What ends a command of ours: one sentence for whoever typed it, and the exit code. */
export class Refusal extends Error {
  constructor(
    sentence: string,
    readonly exitCode = 1,
  ) {
    super(sentence);
    this.name = 'Refusal';
  }
}
