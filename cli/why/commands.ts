import type { CaseFile } from './case';

type Parameter = readonly [key: string, value: string];

/** A call of a function about the conversation, to copy into a shell. */
function callCommand(
  { conversation, commands }: CaseFile,
  name: string,
  ...parameters: readonly Parameter[]
): string {
  const { service, flags } = commands;
  const all: readonly Parameter[] = [
    ['ConversationSid', conversation.sid],
    ...(service === null ? [] : [['ServiceSid', service] as const]),
    ...parameters,
  ];
  return join(['npm run call --', name, ...all.map(([key, value]) => `${key}=${value}`), ...flags]);
}

export const listCommand = (file: CaseFile): string => callCommand(file, 'list');

/** Attaches what is missing. */
export const repairCommand = (file: CaseFile): string => callCommand(file, 'sync');

/** Makes a conversation managed. */
export function syncCommand(file: CaseFile): string {
  return callCommand(file, 'sync', ['Profile', file.firstProfile ?? 'NAME'], ['ReplayAfter', 'start']);
}

const join = ([program = '', ...words]: readonly string[]) => [program, ...words.map(quoteWord)].join(' ');

const quoteWord = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
