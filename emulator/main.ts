import { help, readArguments } from './arguments';
import { createEmulator } from './server';
import { writeCertificate } from './tls/certificate-file';
import { clientSettings } from './tls/client-settings';

async function main(): Promise<void> {
  const { help: needsHelp, port, tls, settings } = parseArguments();
  if (needsHelp) return console.log(help.trimEnd());
  // Loaded where it is needed only: it takes a while.
  const authority = tls
    ? (await import('./tls/certificate-authority')).createCertificateAuthority()
    : undefined;
  const emulator = await createEmulator({ ...settings, port, authority }).catch((error) =>
    fail(listenError(port, error)),
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, async () => {
      await emulator.close();
      process.exit(0);
    });
  }
  console.log(`emulator ready ${emulator.url}`);
  if (authority) console.log(clientSettings(emulator.url, writeCertificate(authority.certificate)));
}

function parseArguments() {
  try {
    return readArguments(process.argv.slice(2), process.env);
  } catch (error) {
    return fail((error as Error).message);
  }
}

function listenError(port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return `Port ${port} is in use; choose another with --port or EMULATOR_PORT.`;
  if (code === 'EACCES')
    return `Port ${port} is not allowed; choose one above 1023 with --port or EMULATOR_PORT.`;
  return `Cannot listen on port ${port}: ${message}.`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

main();
