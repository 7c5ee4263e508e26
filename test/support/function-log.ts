import { createInterface } from 'node:readline';
import type { Program } from './programs';
import { until } from './until';

/** Lets the emulator list what the functions log, as `npm start` does. */
export function keepLog(
  { child, output }: Program,
  { emulator, functions }: { readonly emulator: string; readonly functions: string },
) {
  let kept = 0;
  const post = (more: Record<string, string>) =>
    fetch(`${emulator}/_emulator/logs`, {
      method: 'POST',
      body: new URLSearchParams({ DomainName: new URL(functions).host, ...more }),
    });
  for (const [stream, Level] of [
    [child.stdout!, 'info'],
    [child.stderr!, 'warn'],
  ] as const)
    createInterface({ input: stream }).on('line', async (line) => {
      if (!line.startsWith('{"operation"')) return;
      await post({ Message: line, Level });
      kept += 1;
    });
  const printed = () => output().match(/^\{"operation".*\n/gm)?.length ?? 0;
  return {
    /** The domain is known, though nothing may be logged. */
    begin: () => post({}),
    /** Resolves once so many lines were printed since, and the emulator has them all. */
    async has(count: number, since: number) {
      await until(
        () => printed() >= since + count && kept === printed(),
        () => `the functions logged ${printed() - since} lines, not ${count}`,
      );
    },
    printed,
  };
}
