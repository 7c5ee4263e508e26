import { styleText } from 'node:util';
import type { Terminal } from './terminal';

type Format = Parameters<typeof styleText>[0];

/** Gives a text a colour, or leaves it as it is. */
export type Style = (format: Format, text: string) => string;

export interface Styles {
  readonly out: Style;
  readonly err: Style;
}

// Not by styleText's own look at stdout, which newer versions of Node.js take.
export const withColour: Style = (format, text) =>
  styleText(format, text, { validateStream: false } as object);
const withoutColour: Style = (_format, text) => text;

/** How to print on stdout and on stderr: with colours in a terminal, unless the environment says otherwise. */
export function createStyles(
  env: NodeJS.ProcessEnv,
  { isTerminal = false, status }: Pick<Terminal, 'isTerminal' | 'status'>,
): Styles {
  const style = (isScreen: boolean) => (hasColours(env, isScreen) ? withColour : withoutColour);
  return { out: style(isTerminal), err: style(status !== undefined) };
}

// https://no-color.org and https://force-color.org
function hasColours({ NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv, isScreen: boolean): boolean {
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== '0' : isScreen && TERM !== 'dumb';
}
