// `npm run chaos -- --seed S --minutes M`: the workload of a bad day, long, beside the documented snippet.
import { withoutColours } from './colours.mjs';
import { install } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { integer, positive, readOptions } from './options.mjs';
import { runAlone } from './programs.mjs';

const { values } = readOptions({
  name: 'npm run chaos --',
  description:
    "Run a long workload against an API that fails, and the same with the snippet of Twilio's page. Prints a report; " +
    'exits with 1 if a webhook or message was lost or duplicated.',
  options: {
    seed: { value: 'number', default: '1', parse: integer(0), description: 'seed of all that is random' },
    minutes: { value: 'number', default: '5', parse: positive, description: 'stop after this time' },
    operations: { value: 'number', default: '5000', parse: integer(1), description: 'stop after this many' },
    conversations: { value: 'number', default: '200', parse: integer(1), description: 'how many take part' },
  },
  examples: [
    'npm run chaos -- --seed 2 --minutes 10',
    'npm run chaos -- --operations 500 --conversations 20',
  ],
});
endOnSignal(1);
await install();
const { buildDemo } = await import('./build.mjs');
const { buildProgram } = await import('./build-program.mjs');
await buildDemo();
const program = await buildProgram('test/chaos/main.ts', 'build/chaos/chaos.js');
// It reads what its programs print.
await runAlone(program, [JSON.stringify(values)], withoutColours({ ...process.env }));
