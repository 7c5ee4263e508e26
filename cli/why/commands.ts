import type { CaseFile, Listener, Message } from './case';

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

/** Creates a webhook anew, and sends it the message and all later ones. */
export function attachCommand(file: CaseFile, listener: Listener, { index }: Message): string {
  const { target, address, method, filters, keywords } = listener;
  return callCommand(
    file,
    'attach',
    ['Target', target],
    [target === 'studio' ? 'FlowSid' : 'Url', address],
    ...(method === null ? [] : [['Method', method] as const]),
    ...(target === 'webhook' ? filters.map((filter) => ['Filters', filter] as const) : []),
    ...keywords.map((keyword) => ['Triggers', keyword] as const),
    ['ReplayAfter', `${index}`],
    ['Replace', 'true'],
  );
}

/** Sends a profile's webhooks the message and all later ones. */
export const replayCommand = (file: CaseFile, { index }: Message): string =>
  callCommand(file, 'sync', ['Profile', 'NAME'], ['ReplayAfter', `${index}`]);

/** Whether the functions respond. */
export const statusCommand = ({ commands }: CaseFile): string =>
  join(['npm run call --', '/status', ...commands.flags]);

/** Registers the conversation's service. */
export const setupCommand = ({ conversation, commands }: CaseFile): string =>
  join(['npm run setup --', '--service', conversation.service, ...commands.flags]);

/** Attaches what is missing. */
export const repairCommand = (file: CaseFile): string => callCommand(file, 'sync');

/** Makes a conversation managed. */
export function syncCommand(file: CaseFile): string {
  return callCommand(file, 'sync', ['Profile', file.firstProfile ?? 'NAME'], ['ReplayAfter', 'start']);
}

const join = ([program = '', ...words]: readonly string[]) => [program, ...words.map(quoteWord)].join(' ');

const quoteWord = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
