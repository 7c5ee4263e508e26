import { createServer } from 'node:net';

/** The ports of the emulator and of the functions. Throws where one is not valid, or taken: twilio-run would ask on the terminal. */
export async function choosePorts() {
  const ports = { emulator: port('EMULATOR_PORT', 4010), functions: port('PORT', 3000) };
  if (ports.emulator === ports.functions)
    throw new Error(`EMULATOR_PORT and PORT are both ${ports.functions}; use two different ports`);
  await assertFree(ports.emulator, 'EMULATOR_PORT');
  await assertFree(ports.functions, 'PORT');
  return ports;
}

function port(variable, standard) {
  const value = process.env[variable] || String(standard);
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 65535) return number;
  throw new Error(`${variable}=${value} is not a valid port; use 1 to 65535`);
}

async function assertFree(number, variable) {
  for (const host of ['127.0.0.1', undefined]) {
    const code = await new Promise((resolve) => {
      const server = createServer().once('error', ({ code }) => resolve(code));
      server.listen({ port: number, host }, () => server.close(() => resolve(undefined)));
    });
    if (code === 'EADDRINUSE')
      throw new Error(
        `port ${number} is in use; stop the program that uses it, or set ${variable} to another port`,
      );
    if (code) throw new Error(`port ${number} cannot be used (${code}); set ${variable} to another port`);
  }
}
