// What the build, the deployment and `npm start` check before a policy is in service.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildCli, load } from './build-program.mjs';
import { root } from './install.mjs';
import { exitOf, startOurs } from './lifetime.mjs';

export const POLICY = 'policy.private.json';
const CASES = 'policy.tests.yaml';

/**
 * Prints the warnings of a policy, and returns what the functions read of it. Throws with all its issues.
 * @param env the variables that it will have; without them only what does not depend on them is validated
 */
export async function compilePolicy(file, env) {
  const { lintText } = await load('src/policy/lint.ts', 'build/lint.js');
  const { issues, warnings, compiled } = lintText(readFileSync(file, 'utf8'), env && { variables: env });
  for (const warning of warnings) console.warn(`${POLICY}: ${warning}`);
  if (issues.length > 0) throw new Error(issues.map((issue) => `${POLICY}: ${issue}`).join('\n'));
  return JSON.stringify(compiled);
}

/** Plays the cases of the project's own policy, if it has some. Throws if one fails. */
export async function testPolicy() {
  if (!existsSync(join(root, CASES))) return;
  // Not on stdout, which is JSON with `npm run deploy -- -o json`.
  const stdio = ['ignore', 2, 2];
  const program = startOurs(await buildCli(), ['policy', 'test'], { cwd: root, stdio });
  if ((await exitOf(program)) !== 0)
    throw new Error(`${CASES}: a case failed; correct the policy or the case`);
}

/** Throws with why the functions of a bundle would not work with these variables. @param files where they are set */
export async function checkVariables(bundle, variables, files) {
  const { variableIssues } = await load('cli/variable-issues.ts', 'build/variable-issues.js');
  const issues = variableIssues(readFileSync(join(bundle, 'assets', POLICY), 'utf8'), variables);
  const where = `set variables in ${files.at(-1)}, which is read over ${files[0]}`;
  if (issues.length > 0) throw new Error([...issues, where].join('\n'));
}

export function missingPolicy(file) {
  return new Error(
    `${relative(root, file)} is missing; the functions need a policy: restore it, or write one (docs/policy.md)`,
  );
}
