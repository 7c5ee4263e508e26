import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { refuseOtherSites } from '../control/refuse-other-sites';
import { refuse } from '../twilio/errors';

const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'console.css': 'text/css; charset=utf-8',
} as const;

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// Beside the bundle of the emulator, in build/; in tests this file is where it is in the repository.
const FOLDERS = [join(__dirname, 'console'), join(__dirname, '..', '..', 'build', 'console')];

/** The live page at `/`, which `npm run build` bundles from `page/`. */
export function createConsole(): Hono {
  const routes = new Hono();
  for (const [name, type] of Object.entries(TYPES)) {
    routes.get(name === 'index.html' ? '/' : `/${name}`, refuseOtherSites, (c) =>
      c.body(read(name), 200, {
        'Content-Type': type,
        'Content-Security-Policy': POLICY,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-cache',
      }),
    );
  }
  return routes;
}

function read(name: string): string {
  const folder = FOLDERS.find((candidate) => existsSync(join(candidate, name)));
  if (folder === undefined) return refuse(20404, 'The live page is not built; run npm run build');
  return readFileSync(join(folder, name), 'utf8');
}
