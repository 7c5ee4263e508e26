import { get } from '../../test/support/call';
import { createMessage, fire } from '../fire';
import { interleave, ratio, spread } from '../measure';
import type { Effort } from '../part';
import { startSink } from '../sink';
import { attachedConversation, DEMO, reset } from '../subjects';
import { figure, type Section, times } from '../table';

/** Over how many connections messages are created, and how many. */
const LOADS = [
  { connections: 1, amount: 500 },
  { connections: 50, amount: 2_000 },
];

/** Messages that one webhook is told of, signed, beside messages that nobody is told of. */
export async function deliveries(emulator: string, { quick }: Effort): Promise<Section> {
  const rounds = quick ? 1 : 7;
  const sink = await startSink();
  const rows: string[][] = [];
  try {
    for (const { connections, amount } of LOADS) {
      const until = async (conversation: string) => {
        const began = performance.now();
        await fire(createMessage(emulator, conversation), connections, { amount });
        await get(`${emulator}/_emulator/idle`);
        return (1_000 * amount) / (performance.now() - began);
      };
      const rates = await interleave(rounds, {
        async delivered() {
          await reset(emulator);
          const { ConversationSid } = await attachedConversation(emulator, sink.origin);
          sink.taken();
          const rate = await until(ConversationSid);
          const taken = sink.taken();
          if (taken !== amount) throw new Error(`${taken} of ${amount} deliveries arrived`);
          return rate;
        },
        async silent() {
          await reset(emulator);
          return until(DEMO);
        },
      });
      rows.push([
        `${connections}`,
        figure(spread(rates.delivered).median),
        figure(spread(rates.silent).median),
        times(ratio(rates.delivered, rates.silent)),
      ]);
    }
  } finally {
    await sink.stop();
  }
  return {
    title: 'The emulator: deliveries',
    meaning: `Messages per second. Each is created over the API, signed and delivered to a webhook, until no delivery is pending; beside messages in a conversation without webhooks. Medians of ${rounds} rounds of ${LOADS.map(({ amount }) => amount).join(' and ')} messages. Prism delivers nothing.`,
    head: ['connections', 'with one webhook', 'with none', 'with / without'],
    rows,
  };
}
