/**
 * A job that many things ask for, such as loading a list again: it runs soon after the first of them, never twice at once, and
 * once more if it was asked for meanwhile.
 */
export function coalesce(job: () => Promise<void>, pauseMs: number): () => void {
  let state: 'idle' | 'waiting' | 'running' | 'again' = 'idle';
  const run = async () => {
    state = 'running';
    await job();
    const again = (state as string) === 'again';
    state = 'idle';
    if (again) ask();
  };
  const ask = () => {
    if (state === 'idle') {
      state = 'waiting';
      setTimeout(run, pauseMs);
    } else if (state === 'running') state = 'again';
  };
  return ask;
}
