import { quote } from '../../src/lib/error-text';
import type { Policy } from '../../src/policy/policy';
import { CliError } from '../errors';
import { Progress } from '../progress';
import type { Styles } from '../style';
import type { Terminal } from '../terminal';
import { parseCases } from './cases';
import type { TestOptions } from './options';
import { called, parsePolicySource, readText } from './read-policy';
import { type CaseResult, runCase } from './run-case';

/** Plays the cases of a file. */
export async function test(options: TestOptions, terminal: Terminal, styles: Styles): Promise<number> {
  const { folder, out, err } = terminal;
  const { policy: policyFile, file, minCoverage = 0, json } = options;
  const policy = parsePolicySource(readText(folder, policyFile), policyFile);
  const { cases, issues } = parseCases(readText(folder, file), policy);
  if (issues.length > 0) throw new CliError(issues.map((issue) => `${file}: ${issue}`).join('\n'));
  const results: CaseResult[] = [];
  const progress = new Progress(terminal);
  progress.begin('played', cases.length);
  for (const each of cases) {
    results.push(await runCase(each, policy));
    progress.step();
  }
  progress.end();
  const coverage = coverageOf(results, policy);
  const passed = results.filter(({ failures }) => failures.length === 0);
  if (json) {
    const shown = results.map(({ name, failures }) => ({ name, passed: failures.length === 0, failures }));
    out(JSON.stringify({ cases: shown, coverage }, undefined, 2));
  } else {
    for (const { name, failures } of results) {
      if (failures.length === 0) continue;
      err(`${quote(name)} ${styles.err('red', 'failed')}`);
      for (const failure of failures) err(`  ${failure}`);
    }
    for (const rule of coverage.unreached) err(styles.err('yellow', `no case reaches ${rule}`));
    const { reached, rules, percent } = coverage;
    out(
      `${file}: ${styles.out(passed.length === results.length ? 'green' : 'red', `${passed.length} of ${results.length} cases passed`)}, ${reached} of ${rules} rules covered (${percent} %)`,
    );
  }
  const isCovered = coverage.reached * 100 >= minCoverage * coverage.rules;
  if (!isCovered)
    throw new CliError(`the coverage is below ${minCoverage} %; add cases in which these rules decide`);
  return passed.length === results.length ? 0 : 1;
}

/** A rule is reached if it decides in a case. */
function coverageOf(results: readonly CaseResult[], { rules }: Policy) {
  const found = new Set(results.flatMap((result) => result.rules));
  const reached = found.size;
  return {
    rules: rules.length,
    reached,
    // Rounded down: 100 means all of them.
    percent: rules.length === 0 ? 100 : Math.floor((reached * 1000) / rules.length) / 10,
    unreached: rules.flatMap((rule, i) => (found.has(i) ? [] : [`${called(rule, i)}, on ${rule.on}`])),
  };
}
