// `npm run demo`: a scripted conversation, played against an emulator and functions of its own on
// EMULATOR_PORT and PORT. Exits 0 only if every promise held.

import { environment } from '../environment.mjs';
import { install } from '../install.mjs';
import { choosePorts } from '../ports.mjs';
import { end, endWhenTold, startEmulator, startFunctions } from '../programs.mjs';
import { register } from '../register.mjs';
import { play } from './play.mjs';
import { heading, paragraph, verdict } from './print.mjs';
import { judge } from './promises.mjs';
import { Stage } from './stage.mjs';
import { story } from './story.mjs';

// A demo that was cut short has kept no promise.
endWhenTold(1);
const ports = await choosePorts();
install();
const { build, fail } = await import('../build.mjs');
await build().catch(fail);
try {
  const broken = await demo();
  if (broken.length === 0) await end(0);
  await end(
    1,
    ['Above: what the programs printed. Not kept, under the policy as it is here:', ...broken].join('\n  '),
  );
} catch (error) {
  await end(1, error.message);
}

async function demo() {
  const functions = `http://localhost:${ports.functions}`;
  const settings = environment(ports, 'demo');
  await startEmulator(ports.emulator, { quiet: true });
  await startFunctions(ports.functions, settings.file, { quiet: true });
  await register(functions, settings);
  console.log(heading);
  const stage = new Stage(functions, settings.variables);
  const played = await play(story, stage, (seconds, scene) => console.log(paragraph(seconds, scene)));
  const promises = judge({ ...played, webhooks: await stage.most(), signatures: await stage.signatures() });
  console.log(`\n${verdict(promises)}`);
  return promises.filter(({ held }) => !held).map(({ promise }) => promise);
}
