// `npm run demo`: a scripted conversation, played against an emulator and functions of its own on
// EMULATOR_PORT and PORT, with the policy and the variables of this folder. Exits 0 only if every promise held.

import { join } from 'node:path';
import { environment, runFolder } from '../environment.mjs';
import { installToRun, root } from '../install.mjs';
import { end, endOnSignal } from '../lifetime.mjs';
import { readOptions } from '../options.mjs';
import { choosePorts } from '../ports.mjs';
import { printed, startEmulator, startFunctions } from '../programs.mjs';
import { register } from '../register.mjs';
import { play } from './play.mjs';
import { heading, next, paragraph, verdict } from './print.mjs';
import { checkPromises } from './promises.mjs';
import { Stage } from './stage.mjs';
import { story } from './story.mjs';

readOptions({
  name: 'npm run demo --',
  description: 'Play a hand-off on an emulator, print each message and slot, and verify each promise.',
  environment: {
    EMULATOR_PORT: 'port of the emulator (default: 4010)',
    PORT: 'port of the functions (default: 3000)',
  },
  examples: ['npm run demo', 'EMULATOR_PORT=4011 PORT=3001 npm run demo'],
});
// A demo that was cut short has kept no promise.
endOnSignal(1);
const ports = await choosePorts();
await installToRun();
// Before the build, so that there is something to read.
console.log(heading);
const { buildDemo } = await import('../build.mjs');
const folder = runFolder();
await buildDemo(join(folder, 'dist'));
const broken = await demo().catch(({ message }) => end(1, `${printed()}${message}`));
if (broken.length === 0) {
  console.log(next(`http://127.0.0.1:${ports.emulator}/`));
  await end(0);
}
const explanation = 'Above is what the programs printed. These promises are broken:';
await end(1, `${printed()}${[explanation, ...broken].join('\n  ')}`);

async function demo() {
  const functions = `http://localhost:${ports.functions}`;
  const { file, variables } = environment(ports, folder, join(root, 'scripts', 'demo', 'demo.env'));
  await startEmulator(ports.emulator, { quiet: true });
  await startFunctions(ports.functions, { bundle: join(folder, 'dist'), file }, { quiet: true, fork: false });
  await register(functions, { file, variables }, ['--studio']);
  const stage = new Stage(functions, variables);
  await stage.letStudioReattach();
  const played = await play(story, stage, (seconds, scene) => console.log(paragraph(seconds, scene)));
  const promises = checkPromises({
    ...played,
    webhooks: await stage.most(),
    signatures: await stage.signatures(),
  });
  console.log(verdict(promises));
  return promises.filter(({ held }) => !held).map(({ promise }) => promise);
}
