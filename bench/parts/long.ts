import type { LongRun, Plan } from '../long-run';
import { ratio } from '../measure';
import type { Part } from '../part';
import { built, resultOf } from '../programs';
import { figure, type Section, target, times } from '../table';

/** What an emulator holds after many messages, and what a page deep in a list takes. */
export const long: Part = async ({ quick }) => {
  const plan: Plan = {
    before: 25_000,
    messages: quick ? 5_000 : 100_000,
    conversations: quick ? 10_000 : 100_000,
    rounds: quick ? 21 : 101,
  };
  const args = ['--expose-gc', built('long-run'), JSON.stringify(plan)];
  const { heap, bytesPerMessage, pages } = await resultOf<LongRun>(args);
  const growth = heap.end / heap.full;
  const memory: Section = {
    title: 'The emulator: a long run',
    meaning: `Live objects in MB at the start, once every list is full, and ${plan.messages} messages later. A flow and a webhook get each message; the last 1000 messages stay, older ones are deleted. A message that stays takes ${figure(bytesPerMessage)} bytes.`,
    head: ['at the start', 'lists full', 'at the end', 'end / full', 'target'],
    rows: [[...[heap.start, heap.full, heap.end, growth].map(figure), target('at most 1.1', growth <= 1.1)]],
  };
  const row = (list: string, deep: readonly number[], first: readonly number[]) => {
    const part = ratio(deep, first);
    return [list, times(part), target('at most 1.5', part.median <= 1.5)];
  };
  const paging: Section = {
    title: 'The emulator: pages',
    meaning: `The last page but one of a list beside its first, 50 records each, by the token that a client has. Medians of ${plan.rounds} rounds.`,
    head: ['list', 'deep / first', 'target'],
    rows: [
      row(`${plan.conversations} conversations`, pages.deep, pages.first),
      row('10000 messages', pages.deepMessages, pages.firstMessages),
    ],
  };
  return [memory, paging];
};
