import { withColour } from './style';

/** A title in a help text. Commander strips the colours if stdout is not a terminal. */
export const heading = (title: string) => withColour('bold', title);

type Lines = Readonly<Record<string, string>>;

/** What the help of a command says after its options. @param environment the variables that it reads */
export function help(examples: readonly string[], exitCodes: Lines, environment: Lines = {}): string {
  return [
    ...section('Environment variables', environment),
    ...section('Exit codes', exitCodes),
    '',
    heading('Examples:'),
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}

function section(title: string, lines: Lines): string[] {
  const entries = Object.entries(lines);
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([name]) => name.length));
  return [
    '',
    heading(`${title}:`),
    ...entries.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`),
  ];
}
