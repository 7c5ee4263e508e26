import { terminal } from '../terminal';
import { events } from './events';

// It runs until it is stopped, or until nobody reads what it prints, as in `npm run events | head`.
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  stopped.abort();
});

events(process.argv.slice(2), process.env, terminal, stopped.signal).then((code) => {
  process.exitCode = code;
});
