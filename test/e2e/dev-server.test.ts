import { running } from '../support/processes';
import { startEmulator, startFunctions } from '../support/programs';
import { until } from '../support/until';

// A dev server forks a process for each call. One that is killed leaves them alone, and none may go on for ever.

/** One after the other, so that the last one is forked only now and the first one is done. */
const CALLS = 8;
const APART_MS = 60;
const forked: number[] = [];
afterAll(() => {
  for (const pid of alive(forked)) process.kill(pid, 'SIGKILL');
});

test('exits every process with the dev server that forked it', async () => {
  const emulator = await startEmulator();
  try {
    const functions = await startFunctions({ TWILIO_API_BASE_URL: emulator.origin }, { fork: true });
    const url = `${functions.origin}/webhooks/list?ConversationSid=CH00000000000000000000000000000001`;
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < CALLS; n++) {
      calls.push(fetch(url).catch(() => undefined));
      await new Promise((resolve) => setTimeout(resolve, APART_MS));
    }
    forked.push(...childrenOf(functions.child.pid!));
    await functions.stop('SIGKILL');
    await Promise.all(calls);
    expect(forked.length).toBeGreaterThan(0);
    await until(
      () => alive(forked).length === 0,
      () => `processes ${alive(forked)} of ${forked.length} did not end`,
      30_000,
    );
  } finally {
    await emulator.stop();
  }
});

function childrenOf(pid: number): number[] {
  return running().flatMap((each) => (each.parent === pid ? [each.pid] : []));
}

function alive(pids: readonly number[]): number[] {
  return running().flatMap(({ pid }) => (pids.includes(pid) ? [pid] : []));
}
