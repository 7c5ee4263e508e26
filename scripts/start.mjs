// `npm start`: everything on this machine, nothing to set up. Installs and builds, then runs the emulator and, under the
// real twilio-run, the functions, and serves what is changed. EMULATOR_PORT and PORT choose other ports.
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ENVIRONMENT_FILES, environment, runFolder } from './environment.mjs';
import { installToRun, root } from './install.mjs';
import { endOnSignal, isEnding } from './lifetime.mjs';
import { readOptions } from './options.mjs';
import { choosePorts } from './ports.mjs';
import { startEmulator, startFunctions } from './programs.mjs';
import { keep, register, setUp } from './register.mjs';
import { conversationToTry, policyToTry } from './to-try.mjs';
import { replaceBundle, watchSources } from './watch.mjs';

readOptions({
  name: 'npm start --',
  description:
    'Run the emulator and the functions on this machine until Ctrl-C, and serve what changes in src/.',
  environment: {
    EMULATOR_PORT: 'port of the emulator (default: 4010)',
    PORT: 'port of the functions (default: 3000)',
  },
  examples: ['npm start', 'EMULATOR_PORT=4011 PORT=3001 npm start'],
});
endOnSignal(0);
const ports = await choosePorts();
await installToRun();
const { build, buildBundle } = await import('./build.mjs');
const { checkVariables } = await import('./check-policy.mjs');
const folder = runFolder();
const bundle = join(folder, 'dist');
const origin = `http://localhost:${ports.functions}`;
const api = `http://127.0.0.1:${ports.emulator}`;

/** What the functions have. */
let variables;
let setVariables;
/** Whether the last change was not served. */
let failed = false;
/** The commands that were printed for the policy. */
let commands;

// From before the build on, so that no change is missed.
watchSources(join(root, 'src'), ENVIRONMENT_FILES, async () => {
  await ready;
  await serveChanges();
});
const ready = startBoth().catch((error) => {
  throw new Error(`${error.message}\nnot started: correct this, and run npm start again`);
});
await ready;

async function startBoth() {
  const environmentOfBoth = environment(ports, folder);
  ({ variables } = environmentOfBoth);
  await build({ to: bundle });
  await checkVariables(bundle, variables, ENVIRONMENT_FILES);
  await startEmulator(ports.emulator);
  console.log(`live page ${api}/\nemulator ready ${api}`);
  setVariables = await startFunctions(ports.functions, { bundle, file: environmentOfBoth.file }, { api });
  await setVariables(variables);
  await register(origin, environmentOfBoth);
  console.log(`functions ready ${origin}`);
  commands = policyToTry({ api, origin });
  console.log(`${conversationToTry({ api, origin })}\n${commands}\nCtrl-C ends both.`);
}

/** Builds aside, and serves the build if the functions can work with it. */
async function serveChanges() {
  const next = join(folder, 'next');
  try {
    await buildBundle({ to: next });
    const changed = environment(ports, folder);
    await checkVariables(next, changed.variables, ENVIRONMENT_FILES);
    const differing = isDeepStrictEqual(changed.variables, variables) ? [] : ['variables'];
    await setVariables(changed.variables);
    ({ variables } = changed);
    differing.push(...replaceBundle(bundle, next));
    if (differing.length > 0) console.log(`changes served: ${differing.join(', ')}`);
    else if (failed) console.log('nothing left to serve: the functions are up to date');
    failed = false;
    if (differing.length > 0 && !isEnding()) await followPolicy(changed);
  } catch ({ message, errors }) {
    failed = true;
    const notServed = 'changes not served: the functions stay as they were';
    // esbuild has printed its own errors.
    await report(errors ? notServed : `${message}\n${notServed}`);
  }
}

/** Registers what the policy needs, and prints the commands that fit it. */
async function followPolicy({ file, variables }) {
  try {
    await setUp(origin, file);
    await keep(variables);
    const before = commands;
    commands = policyToTry({ api, origin });
    if (commands !== before) console.log(`\n${commands}`);
  } catch ({ message }) {
    await report(message);
  }
}

async function report(message) {
  // Ctrl-C reaches esbuild and the setup too, which may fail before this process handles it.
  await setTimeout(100);
  if (!isEnding()) console.error(message);
}
