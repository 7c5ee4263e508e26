import { type Arguments, readArguments } from './arguments';
import { createEmulator } from './server';

async function main(): Promise<void> {
  const { port, settings } = given();
  const emulator = createEmulator(settings);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, async () => {
      await emulator.close();
      process.exit(0);
    });
  }
  try {
    console.log(`emulator ready ${await emulator.listen(port)}`);
  } catch (error) {
    stop(refusal(port, error as NodeJS.ErrnoException));
  }
}

function given(): Arguments {
  try {
    return readArguments(process.argv.slice(2), process.env);
  } catch (error) {
    return stop((error as Error).message);
  }
}

function refusal(port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return `Port ${port} is taken; choose another with --port or EMULATOR_PORT.`;
  if (code === 'EACCES')
    return `Port ${port} is not allowed; choose one above 1023 with --port or EMULATOR_PORT.`;
  return `The emulator could not listen on port ${port}: ${message}.`;
}

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

main();
