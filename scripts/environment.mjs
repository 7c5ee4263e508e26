import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { root } from './install.mjs';

/**
 * A folder in build/ for this run alone, so that no other run, build or deployment changes what it uses. It is removed when
 * this process ends, or when the next run starts.
 */
export function runFolder() {
  const runs = join(root, 'build', 'runs');
  mkdirSync(runs, { recursive: true });
  const remove = (name) => rmSync(join(runs, name), { recursive: true, force: true });
  const own = String(process.pid);
  for (const name of readdirSync(runs)) if (name === own || !isRunning(Number(name))) remove(name);
  process.on('exit', () => remove(own));
  const folder = join(runs, own);
  mkdirSync(folder);
  return folder;
}

/** The environment files of `npm start`; the later one wins. */
export const ENVIRONMENT_FILES = ['.env.emulator', '.env.local'];

/** What says which API is called. With others, `npm start` would set up a real account. */
const OF_THE_EMULATOR = [
  'ACCOUNT_SID',
  'AUTH_TOKEN',
  'TWILIO_API_KEY',
  'TWILIO_API_SECRET',
  'TWILIO_API_BASE_URL',
];

/**
 * The variables of .env.emulator and .env.local, or of another file, with the chosen ports.
 * @returns {{file: string, variables: Record<string, string>}} the variables, and a file with them for twilio-run, which passes
 * nothing else to the functions
 */
export function environment(ports, folder, source) {
  const text = (source ? readFileSync(source, 'utf8') : ownText()).replaceAll(
    /127\.0\.0\.1:4010\b/g,
    `127.0.0.1:${ports.emulator}`,
  );
  const file = join(folder, 'env');
  writeFileSync(file, text);
  return { file, variables: parseEnv(text) };
}

function ownText() {
  const [emulator, local] = ENVIRONMENT_FILES.map((name) => join(root, name));
  const text = readFileSync(emulator, 'utf8');
  if (!existsSync(local)) return text;
  const over = readFileSync(local, 'utf8');
  const [reserved] = OF_THE_EMULATOR.filter((name) => name in parseEnv(over));
  if (reserved)
    throw new Error(`.env.local: npm start calls the emulator alone; remove ${reserved} from the file`);
  return `${text}\n${over}`;
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch ({ code }) {
    return code === 'EPERM';
  }
}
