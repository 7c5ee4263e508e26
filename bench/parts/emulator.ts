import { type Program, startEmulator } from '../../test/support/programs';
import { createMessage, fire, listWebhooks } from '../fire';
import { interleave, ratio, spread } from '../measure';
import { memoryOf } from '../memory';
import type { Effort, Part } from '../part';
import { startPrism } from '../prism';
import { during } from '../programs';
import { attachedConversation, DEMO, freshConversations, reset } from '../subjects';
import { figure, type Section, target, times } from '../table';
import { deliveries } from './deliveries';

type Server = Program & { readonly origin: string };

const CONNECTIONS = [1, 50];
const CONVERSATIONS = 10_000;
/** What is requested, and in which conversation: a message without webhooks causes no delivery. */
const SHOTS = [
  [
    'list webhooks',
    listWebhooks,
    async (origin: string) => (await attachedConversation(origin)).ConversationSid,
  ],
  ['create message', createMessage, async () => DEMO],
] as const;

/** The emulator beside Prism's mock server on Twilio's specification; what a delivery costs; what it holds. */
export const emulator: Part = (effort) =>
  during(startEmulator(), (ours) =>
    during(startPrism(), async (prism) => [
      await requests(ours, prism, effort),
      await deliveries(ours.origin, effort),
      await memory(ours, prism),
    ]),
  );

async function requests(ours: Server, prism: Server, { quick }: Effort): Promise<Section> {
  const [rounds, duration] = quick ? [1, 0.5] : [7, 1];
  const rows: string[][] = [];
  for (const [label, shotAt, conversationAt] of SHOTS)
    for (const connections of CONNECTIONS) {
      const rates = await interleave(rounds, {
        async emulator() {
          // What a round leaves behind is not for the next to carry.
          await reset(ours.origin);
          const conversation = await conversationAt(ours.origin);
          return fire(shotAt(ours.origin, conversation), connections, { duration });
        },
        prism: () => fire(shotAt(prism.origin, DEMO), connections, { duration }),
      });
      const part = ratio(rates.emulator, rates.prism);
      rows.push([
        label,
        `${connections}`,
        figure(spread(rates.emulator).median),
        figure(spread(rates.prism).median),
        times(part),
        target('at least 10', part.median >= 10),
      ]);
    }
  return {
    title: 'The emulator: requests',
    meaning: `Requests per second over 1 and 50 connections, each connection with one request at a time: the emulator, which keeps state, beside Prism's mock server, which returns the examples of Twilio's specification. Medians of ${rounds} rounds of ${duration} s each; autocannon sends them, on the same machine.`,
    head: ['request', 'connections', 'emulator', 'Prism', 'emulator / Prism', 'target'],
    rows,
  };
}

async function memory(ours: Server, prism: Server): Promise<Section> {
  await reset(ours.origin);
  const rest = memoryOf(ours.child);
  await freshConversations(ours.origin, CONVERSATIONS);
  const full = memoryOf(ours.child);
  const row = (what: string, mb: number | undefined) => [what, mb === undefined ? '' : figure(mb)];
  return {
    title: 'The emulator: memory',
    meaning: `Resident memory in MB after the rounds above. A conversation has two participants.`,
    head: ['', 'MB'],
    rows: [
      row('emulator, one conversation', rest),
      row(`emulator, ${CONVERSATIONS} conversations`, full),
      row('Prism', memoryOf(prism.child)),
    ],
  };
}
