import type { Program } from './programs';

/** A line that a function logged. */
// biome-ignore lint/suspicious/noExplicitAny: each test knows the line that it expects
export type LogLine = Readonly<Record<string, any>>;

/** The lines that the functions logged about a conversation, oldest first. */
export function linesOf({ output }: Pick<Program, 'output'>, conversation: string): LogLine[] {
  return output()
    .split('\n')
    .filter((line) => line.startsWith('{"operation"'))
    .map((line) => JSON.parse(line))
    .filter((line) => line.conversation === conversation);
}
