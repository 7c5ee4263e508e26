import { send } from '../../src/twilio/transport';
import { Client } from '../client';
import type { Style } from '../style';
import type { Terminal } from '../terminal';
import { readOnly } from '../transport';
import { inspect } from './inspect';
import { type ReportOptions, STDOUT } from './options';
import { Pace } from './pace';
import { prepare } from './prepare';
import { reportLines, reportMarkdown, totalsLine } from './print-report';
import { openReport } from './report-file';
import { scan } from './scan';
import { type StaleExecution, staleExecutions } from './stale-executions';
import { Totals } from './totals';
import { observed } from './transport';

const IN_ORDER = 0;
const FAILED = 1;
const OUT_OF_ORDER = 2;

/** Compares every conversation with the policy, and changes nothing. @returns the exit code. @throws CliError, ApiError */
export async function report(options: ReportOptions, terminal: Terminal, style: Style): Promise<number> {
  const { deployed, scope, header } = prepare(options, terminal.folder);
  const pace = new Pace(terminal);
  const client = new Client(options.variables, readOnly(observed(send, pace)));
  const lines = openReport(options.json, terminal);
  const totals = new Totals();
  const executions: StaleExecution[] = [];
  await lines?.write(header);
  await scan(client, options.filter, pace, {
    async visit(listed, list) {
      const inspection = await inspect(listed, list, scope);
      totals.add(inspection);
      await lines?.write(inspection);
    },
    async failed(failure) {
      totals.addFailure(failure);
      await lines?.write(failure);
    },
  });
  for await (const execution of staleExecutions(client, deployed.policy, Date.now())) {
    executions.push(execution);
    await lines?.write(execution);
  }
  const { account, deployment, policy: policyHash } = header;
  const found = { account, deployment, policyHash, totals, executions, pace };
  await lines?.write(totalsLine(found));
  await lines?.close();
  if (options.json !== STDOUT)
    for (const line of options.markdown ? reportMarkdown(found) : reportLines(found, style, terminal.columns))
      terminal.out(line);
  if (totals.failures.length > 0) return FAILED;
  return totals.outOfOrder > 0 ? OUT_OF_ORDER : IN_ORDER;
}
