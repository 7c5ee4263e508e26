import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { root } from './install.mjs';

/**
 * .env.emulator with the chosen ports in it.
 * @returns {{file: string, variables: Record<string, string>}} a file of its own for twilio-run, which passes nothing else
 * to the functions, and what it says
 */
export function environment(ports, name) {
  const text = readFileSync(join(root, '.env.emulator'), 'utf8').replaceAll(
    /127\.0\.0\.1:4010\b/g,
    `127.0.0.1:${ports.emulator}`,
  );
  const file = join(root, 'build', `${name}.env`);
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(file, text);
  return { file, variables: parseEnv(text) };
}
