import { FAILURES, report } from './report';
import { type ChaosSettings, chaosOfBundle, chaosOfSnippet } from './run';

// `npm run chaos`: prints the report, and fails if a count is not 0 that has to be. scripts/chaos.mjs parses the command line.

const settings: ChaosSettings = JSON.parse(`${process.argv[2]}`);

async function main() {
  const ours = await chaosOfBundle(settings);
  console.log(`seed ${settings.seed}, ${settings.conversations} conversations\n`);
  console.log(report([ours, await chaosOfSnippet(settings)]));
  if (FAILURES.some((key) => ours[key] !== 0)) process.exitCode = 1;
}

main().catch(({ message }: Error) => {
  console.error(message);
  // At once: an emulator that is still running would keep this process, and ends with it.
  process.exit(1);
});
