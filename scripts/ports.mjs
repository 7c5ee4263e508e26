import { createServer } from 'node:net';

/** The port that the environment variable asks for, else the default. Exits where it is none. */
export function port(variable, standard) {
  const value = process.env[variable] || String(standard);
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 65535) return number;
  return exit(`${variable}=${value} is no port; choose one from 1 to 65535`);
}

/** Exits where something else has the port: twilio-run would ask on the terminal. */
export async function assertFree(number, variable) {
  for (const host of ['127.0.0.1', undefined]) {
    const code = await new Promise((resolve) => {
      const server = createServer().once('error', ({ code }) => resolve(code));
      server.listen({ port: number, host }, () => server.close(() => resolve(undefined)));
    });
    if (code === 'EADDRINUSE')
      exit(`port ${number} is taken; end what runs there, or choose another with ${variable}=`);
    if (code) exit(`port ${number} cannot be used (${code}); choose another with ${variable}=`);
  }
}

function exit(sentence) {
  console.error(sentence);
  process.exit(1);
}
