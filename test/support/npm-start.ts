import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './programs';

const running = new Set<{ child: ChildProcess; closed: Promise<unknown> }>();

/** `npm start` in a clone, as a newcomer types it; in a process group of its own, as in a terminal. */
export function npmStart(folder: string, env: Record<string, string>) {
  const child = spawn('npm', ['start', '--silent'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
      for (const wake of heard) wake();
    });
  const closed = once(child, 'close').then(([code]) => code as number | null);
  const program = { child, closed };
  running.add(program);
  closed.then(() => running.delete(program));
  return {
    ...program,
    output: () => output,
    /** Resolves when it has printed this. @param from where to begin to look in the output */
    printed: (text: string, from = 0) =>
      new Promise<void>((resolve, reject) => {
        const look = () => output.includes(text, from) && resolve();
        heard.add(look);
        look();
        closed.then(() => reject(new Error(output)));
      }),
  };
}

/** Stops what a test that failed did not stop. */
export async function stopRunning() {
  for (const { child, closed } of running) {
    process.kill(-child.pid!, 'SIGTERM');
    await closed;
  }
}

export type Ports = Awaited<ReturnType<typeof freePorts>>;
export async function freePorts() {
  return { EMULATOR_PORT: String(await freePort()), PORT: String(await freePort()) };
}

export const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );
