import { parseArgs } from 'node:util';
import { FAILURES, report } from './report';
import { chaosOfBundle, chaosOfSnippet } from './run';

// `npm run chaos -- --seed S --minutes M`: prints the report, and fails where something is not 0 that has to be.

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '5' },
    operations: { type: 'string', default: '5000' },
    conversations: { type: 'string', default: '200' },
  },
});
const settings = {
  seed: Number(values.seed),
  minutes: Number(values.minutes),
  operations: Number(values.operations),
  conversations: Number(values.conversations),
};

async function main() {
  const ours = await chaosOfBundle(settings);
  console.log(`seed ${settings.seed}, ${settings.conversations} conversations\n`);
  console.log(report([ours, await chaosOfSnippet(settings)]));
  if (FAILURES.some((key) => ours[key] !== 0)) process.exitCode = 1;
}

main();
