import { createServer } from 'node:net';

/** The ports of the emulator and of the functions. Exits where one is none, or taken: twilio-run would ask on the terminal. */
export async function choosePorts() {
  const ports = { emulator: port('EMULATOR_PORT', 4010), functions: port('PORT', 3000) };
  if (ports.emulator === ports.functions)
    exit(`EMULATOR_PORT and PORT are both ${ports.functions}; choose two`);
  await assertFree(ports.emulator, 'EMULATOR_PORT');
  await assertFree(ports.functions, 'PORT');
  return ports;
}

function port(variable, standard) {
  const value = process.env[variable] || String(standard);
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 65535) return number;
  return exit(`${variable}=${value} is no port; choose one from 1 to 65535`);
}

async function assertFree(number, variable) {
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
