// Lets the emulator list what the functions log, as Twilio's Serverless API does.
import { createInterface } from 'node:readline';

/** Keeps the lines that twilio-run prints for functions. @param api where the emulator is */
export async function keepLog({ stdout, stderr }, { api, port }) {
  const post = (more) =>
    fetch(`${api}/_emulator/logs`, {
      method: 'POST',
      body: new URLSearchParams({ DomainName: `localhost:${port}`, ...more }),
    })
      .then((response) => response.text())
      // It is ending.
      .catch(() => {});
  for (const stream of [stdout, stderr])
    createInterface({ input: stream }).on('line', (line) => {
      const [message] = /\{"operation".*\}/.exec(line) ?? [];
      if (message) post({ Message: message, Level: levelOf(message, stream === stderr) });
    });
  // The domain, before the first line.
  await post({});
}

function levelOf(message, isStderr) {
  if (!isStderr) return 'info';
  return /"status":5\d\d/.test(message) ? 'error' : 'warn';
}
