import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { siteOf } from '../../src/handler/site';
import { oneOf } from '../../src/lib/error-text';
import { lintText } from '../../src/policy/lint';
import type { Styles } from '../style';
import type { Terminal } from '../terminal';
import { readVariableFiles } from '../variables';
import type { CheckOptions } from './options';
import { readText } from './read-policy';

const DEFAULT_ENV = '.env';

/** What the build checks; with variables, what a deployment checks too. */
export function check({ policy: file, env, json }: CheckOptions, terminal: Terminal, styles: Styles): number {
  const { folder, out, err } = terminal;
  const text = readText(folder, file);
  const files = env ?? (existsSync(join(folder, DEFAULT_ENV)) ? [DEFAULT_ENV] : []);
  const variables = readVariableFiles(files, folder);
  const source = oneOf(files);
  const { issues, warnings } = lintText(
    text,
    files.length === 0 ? undefined : { variables, local: siteOf(variables).local, source },
  );
  const valid = issues.length === 0;
  if (json) out(JSON.stringify({ valid, issues, warnings }, undefined, 2));
  else {
    for (const warning of warnings) err(`${file}: ${styles.err('yellow', 'warning')}: ${warning}`);
    for (const issue of issues) err(`${styles.err('red', file)}: ${issue}`);
    if (valid) {
      const checked =
        files.length === 0 ? 'without variables' : `with the variables of ${oneOf(files, 'and')}`;
      out(`${file} is ${styles.out('green', 'valid')} (${checked})`);
    }
  }
  return valid ? 0 : 1;
}
