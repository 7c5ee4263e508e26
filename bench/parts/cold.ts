import { startEmulator } from '../../test/support/programs';
import { interleave, ratio, spread } from '../measure';
import type { OneCall } from '../one-call';
import type { Part } from '../part';
import { built, deployed, during, resultOf } from '../programs';
import { ASSETS, environmentOf, freshConversations, WEBHOOK } from '../subjects';
import { figure, type Section, target, times } from '../table';
import { load } from './load';

const FILES = { empty: built('empty'), attach: deployed('webhooks/attach'), snippet: built('snippet') };

const NAMES = ['empty', 'attach', 'snippet'] as const;

/** What is shown of a call: its name, its unit, and how many of the measured units make one. */
const ROWS: readonly (readonly [keyof OneCall, string, number])[] = [
  ['load', 'load, ms', 1],
  ['request', 'call to response, ms', 1],
  ['cpu', 'CPU until the response, ms', 1],
  ['memory', 'peak memory, MB', 1024],
  ['total', 'process start to response, ms', 1],
];

/** At most this part of the snippet's time from the start of the process to the response. */
const AIM = 1 / 4;

/** A process that starts, loads a function, and is called once. */
export const cold: Part = async (effort) => {
  const rounds = effort.quick ? 5 : 31;
  const measured = await during(startEmulator(), async ({ origin }) => {
    const conversations = await freshConversations(origin, 3 * (rounds + 1));
    const subject = (file: string) => () => once(file, origin, conversations.pop()!);
    const { empty, attach, snippet } = FILES;
    return interleave(rounds, {
      empty: subject(empty),
      attach: subject(attach),
      snippet: subject(snippet),
    });
  });
  const values = (name: keyof typeof FILES, key: keyof OneCall, unit = 1) =>
    measured[name].map((call) => call[key] / unit);
  const beyond = (name: keyof typeof FILES) => {
    const empty = values('empty', 'total');
    return values(name, 'total').map((ms, round) => ms - empty[round]!);
  };
  const section: Section = {
    title: 'Cold start',
    meaning: `A fresh process loads a function, calls it once, and gets its response from the emulator: /webhooks/attach, which makes three requests (list, create, list again), beside Twilio's snippet (\`context.getTwilioClient()\`, one create) and a function that does nothing. Medians of ${rounds} rounds; the ratio is taken in each round, and half of the rounds are between the values in brackets. Milliseconds are those of this machine, without a network. "Load" is the function's file and, for the snippet, \`require('twilio')\`.`,
    head: ['', ...NAMES, 'attach / snippet', 'target'],
    rows: [
      ...ROWS.map(([key, label, unit]) => {
        const part = ratio(values('attach', key), values('snippet', key));
        const absolute = NAMES.map((name) => figure(spread(values(name, key, unit)).median));
        const aimed = key === 'total' ? target('at most 1/4', part.median <= AIM) : '';
        return [label, ...absolute, times(part), aimed];
      }),
      [
        'the same beyond an empty process, ms',
        '',
        ...[beyond('attach'), beyond('snippet')].map((ms) => figure(spread(ms).median)),
        times(ratio(beyond('attach'), beyond('snippet'))),
        '',
      ],
    ],
  };
  return [section, ...(await load(effort))];
};

function once(file: string, api: string, ConversationSid: string): Promise<OneCall> {
  const event = JSON.stringify({ ...WEBHOOK, ConversationSid });
  return resultOf([built('one-call'), file, ASSETS, event], environmentOf(api));
}
