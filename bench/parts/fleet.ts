import type { Part } from '../part';
import { type RollOut, rollOut, type Step } from '../roll-out/roll-out';
import { figure, type Section, target } from '../table';

/** Of the requests. */
const FAULTS = [
  { when: { probability: 0.005 }, do: { status: 429, code: 20429 } },
  { when: { probability: 0.005 }, do: { status: 503, processed: true } },
  { when: { probability: 0.002 }, do: { drop: 'after' } },
];
const MAX_LINES = 12;

/** `npm run fleet` on 10,000 conversations: entering a profile, and then a policy, a domain and a CRM that change. */
export const fleet: Part = async ({ quick }) => {
  const conversations = Number(process.env.FLEET_CONVERSATIONS ?? (quick ? 200 : 10_000));
  const result = await rollOut({ conversations, faults: FAULTS, onEnd: show });
  for (const what of result.broken.slice(0, MAX_LINES)) console.log(what);
  return [commands(conversations, result), live(result)];
};

/** The commands as somebody would see them. */
function show({ args, exit, stdout, stderr, seconds }: Step): void {
  const lines = `${stdout}${stderr}`.trimEnd().split('\n');
  const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES - 2), '…', lines.at(-1)] : lines;
  console.log(
    [`$ npm run fleet -- ${args.join(' ')}`, ...shown, `exit ${exit}, after ${figure(seconds)} s`, ''].join(
      '\n',
    ),
  );
}

function commands(conversations: number, { steps }: RollOut): Section {
  const number = conversations.toLocaleString('en-US');
  const aims: Readonly<Record<string, number>> = { 'report, in order': 1.1, 'sync, entering': 7.1 };
  return {
    title: 'All conversations of an account',
    meaning: `\`npm run fleet\` on ${number} conversations of the emulator: they enter a profile with two webhooks; then a policy with one webhook less, a renamed profile, another domain and another CRM is rolled out, and the sync is killed twice. Meanwhile customers write and ask for humans, and about one request in a hundred is throttled, fails or is lost, except in the rows without faults. Calls include lists of conversations; of a command that was killed, also the few of the functions. MB: the highest of the first and the second half.`,
    head: ['command', 'exit', 'calls', 'of a conversation', 's', 'MB', 'MB of the emulator', 'target'],
    rows: steps.map(({ what, exit, calls, seconds, mb, emulatorMb }) => {
      const aim = aims[what];
      const each = calls / conversations;
      return [
        what,
        `${exit}`,
        calls.toLocaleString('en-US'),
        figure(each),
        figure(seconds),
        mb.map(figure).join(', '),
        figure(emulatorMb),
        aim === undefined ? '' : target(`at most ${aim}`, each <= aim),
      ];
    }),
  };
}

function live({ broken, live: { sent, handOffs, unseen, duplicated } }: RollOut): Section {
  return {
    title: 'What customers wrote while a change was rolled out',
    meaning:
      'Unseen: messages that reached none of their conversation’s webhooks. Twice: messages that reached both old and new webhooks, or one of them twice. Broken: conversations that break a promise of docs/promises.md.',
    head: ['messages', 'hand-offs', 'twice', 'unseen', 'broken', 'target'],
    rows: [
      [
        ...[sent, handOffs, duplicated, unseen, broken.length].map(String),
        target('none unseen or broken', unseen + broken.length === 0),
      ],
    ],
  };
}
