import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { root } from './programs';

/**
 * A headless Chromium: the one that CHROME_PATH names, else the one that npm brought (Linux on x64), else Chrome as it is
 * installed here.
 */
export async function startBrowser(): Promise<Browser> {
  // Now and then Chromium crashes as it starts.
  return launch().catch(launch);
}

function launch(): Promise<Browser> {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) return chromium.launch({ executablePath: CHROME_PATH });
  if (process.platform === 'linux' && process.arch === 'x64') return chromium.launch(ofNpm());
  return chromium.launch({ channel: 'chrome' });
}

function ofNpm() {
  const folder = unpacked();
  const executablePath = join(folder, 'chromium');
  const env = { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf') } as Record<string, string>;
  // A bare machine lacks libraries that come with it; one that has them has newer ones.
  const { status } = spawnSync(executablePath, ['--version'], { env });
  if (status !== 0) env.LD_LIBRARY_PATH = join(folder, 'al2023', 'lib');
  return { executablePath, env };
}

// Half of a browser must not be there under its name, however many runs unpack it at once.
function unpacked(): string {
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules', '@sparticuz', 'chromium', 'package.json'), 'utf8'),
  );
  const folder = join(root, 'build', `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const mine = mkdtempSync(`${folder}-`);
  execFileSync(process.execPath, [join(root, 'test', 'support', 'unpack.mjs')], {
    // It unpacks those libraries where it takes itself to be in Lambda.
    env: { ...process.env, TMPDIR: mine, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
  });
  writeFileSync(join(mine, 'fonts.conf'), fontsIn(join(folder, 'fonts')));
  try {
    renameSync(mine, folder);
  } catch {
    // Another run was faster.
    rmSync(mine, { recursive: true });
  }
  return folder;
}

/** The fonts of this machine, and ours where it has none. */
function fontsIn(folder: string): string {
  return `<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}</dir>
</fontconfig>
`;
}
