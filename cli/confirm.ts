import { CliError } from './errors';
import type { Terminal } from './terminal';

/** Asks before anything is changed, unless the command was typed with `--yes`. @throws CliError if nobody agrees */
export async function confirm(
  question: string,
  { yes, json }: { readonly yes: boolean; readonly json: boolean },
  { confirm: ask }: Terminal,
): Promise<void> {
  if (yes) return;
  if (json) throw new CliError('nobody is asked with --json; nothing was changed; use --yes');
  if (!ask) throw new CliError('not a terminal, so nobody can confirm; nothing was changed; use --yes');
  if (!(await ask(`${question} [y/N] `))) throw new CliError('nothing was changed');
}
