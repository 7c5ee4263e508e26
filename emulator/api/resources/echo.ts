import type { Options } from '../../state/options';

/** A method as responses show it. */
export function echoMethod(sent: string, { methodEcho }: Options): string {
  if (methodEcho === 'sent') return sent;
  return methodEcho === 'lower' ? sent.toLowerCase() : sent.toUpperCase();
}

/** The keywords of a trigger as responses show them. */
export const echoKeywords = (sent: string[] | null, { keywordEcho }: Options): string[] | null =>
  keywordEcho === 'sent' ? sent : (sent?.map((keyword) => keyword.toLowerCase()) ?? null);
