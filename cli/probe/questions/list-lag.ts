import { MAX_POLLS, poll } from '../poll';
import { likely, type Question } from '../question';
import type { Session } from '../session';

const ROUNDS = 3;

export const listLag: Question = {
  name: 'list-lag',
  asks: 'how far lists of webhooks are behind a write',
  requests: ROUNDS * (3 + 2 * MAX_POLLS),
  async ask(session) {
    const lags: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { sid } = await session.echoQuiet();
      lags.push(await lagUntil(session, `${sid}`, true));
      await session.api.remove('conversations', `${session.conversation.path}/Webhooks/${sid}`);
      lags.push(await lagUntil(session, `${sid}`, false));
    }
    const longest = Math.max(...lags);
    if (longest === Number.POSITIVE_INFINITY) return likely(`more than ${session.settings.waitMs / 1000} s`);
    return likely(longest === 0 ? `none after ${lags.length} writes` : `up to ${Math.round(longest)} ms`);
  },
};

/** How long a list takes to show a write; 0 if the first one shows it. */
async function lagUntil(session: Session, sid: string, isThere: boolean): Promise<number> {
  const start = performance.now();
  let lists = 0;
  const shown = await poll(async () => {
    lists += 1;
    const listed = (await session.webhooks()).some((webhook) => webhook.sid === sid);
    return listed === isThere || undefined;
  }, session.pollLimits);
  if (!shown) return Number.POSITIVE_INFINITY;
  return lists === 1 ? 0 : performance.now() - start;
}
