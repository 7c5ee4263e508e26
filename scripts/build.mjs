import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './build-console.mjs';
import { buildCli, buildProgram } from './build-program.mjs';
import { compilePolicy, missingPolicy, POLICY, testPolicy } from './check-policy.mjs';
import { installToRun, root } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { readOptions } from './options.mjs';

const require = createRequire(import.meta.url);

// The functions that must be there; a team adds its own.
const FUNCTIONS = [
  'events/conversation.protected.js',
  'events/studio.protected.js',
  'flex/list.js',
  'flex/sync.js',
  ...['attach', 'detach', 'fetch', 'list', 'sync', 'update'].map((name) => `webhooks/${name}.protected.js`),
  'status.js',
];

/** Builds what is deployed and what only runs here (build/). Takes and returns what buildBundle does. */
export async function build(bundle) {
  const [functions] = await Promise.all([
    buildBundle(bundle),
    buildProgram('emulator/main.ts', 'build/emulator.js'),
    buildConsole(),
    buildCli(),
  ]);
  return functions;
}

/**
 * The same with the policy of the demo: what the demo, the tests and the benchmark run, so that a team's own policy changes
 * none of them.
 */
export const buildDemo = (to = join(root, 'build', 'demo')) =>
  build({ to, policy: join(root, 'scripts', 'demo', 'policy.json') });

/**
 * dist/functions: one CommonJS file for each file of src/functions, same path, so that `.protected` survives;
 * dist/assets: src/assets as it is, except for the policy, which is compiled.
 * @param to another folder instead of dist/
 * @param policy another policy instead of the one in src/assets
 * @param env the variables that the policy will have; without them only what does not depend on them is validated
 * @returns {Promise<{path: string, bytes: number, inputs: Record<string, number>}[]>} each function, and how many of its
 * bytes come from which file
 */
export async function buildBundle({
  from = join(root, 'src'),
  to = join(root, 'dist'),
  policy = join(from, 'assets', POLICY),
  env,
} = {}) {
  if (!existsSync(policy)) throw missingPolicy(policy);
  const { build } = await import('esbuild');
  rmSync(to, { recursive: true, force: true });
  const sources = readdirSync(join(from, 'functions'), { recursive: true }).filter((name) =>
    name.endsWith('.ts'),
  );
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: sources.map((name) => join(from, 'functions', name)),
    outbase: join(from, 'functions'),
    outdir: join(to, 'functions'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // By this process: esbuild's own may outlive it for a moment, and would write into a folder that is removed.
    write: false,
  });
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  const isPolicy = (file) => file === join(from, 'assets', POLICY);
  cpSync(join(from, 'assets'), join(to, 'assets'), { recursive: true, filter: (file) => !isPolicy(file) });
  writeFileSync(join(to, 'assets', POLICY), await compilePolicy(policy, env));
  const built = sources.map((name) => name.replace(/\.ts$/, '.js').split(sep).join('/'));
  const unbuilt = FUNCTIONS.filter((path) => !built.includes(path));
  // twilio-run deploys whatever is there, even nothing.
  if (unbuilt.length > 0) throw new Error(`build is incomplete: ${unbuilt.join(', ')} missing`);
  return built.map((path) => ({
    path,
    bytes: bytesOf(join(to, 'functions', path), path),
    inputs: inputsOf(metafile, path),
  }));
}

function inputsOf({ outputs }, path) {
  const [, { inputs }] = Object.entries(outputs).find(([file]) => file.endsWith(`/functions/${path}`));
  return Object.fromEntries(Object.entries(inputs).map(([from, { bytesInOutput }]) => [from, bytesInOutput]));
}

function bytesOf(file, path) {
  delete require.cache[file];
  if (typeof require(file).handler !== 'function')
    throw new Error(`build is incomplete: ${path} exports no handler`);
  return statSync(file).size;
}

// Node resolves the links in import.meta.url, and not those in what was typed.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  readOptions({
    name: 'npm run build --',
    description: 'Build the functions into dist/, validate and test the policy, and print the sizes.',
    examples: ['npm run build'],
  });
  endOnSignal(1);
  await installToRun();
  const functions = await build();
  await testPolicy();
  for (const { path, bytes } of functions)
    console.log(`${(bytes / 1024).toFixed(1).padStart(6)} KB  ${path}`);
}
