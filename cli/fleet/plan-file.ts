import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { CliError, UsageError } from '../errors';
import type { Inspection } from './inspect';
import type { ReportHeader } from './report-file';

export interface PlanFile {
  readonly header: ReportHeader;
  /** The conversations that a sync would change. */
  readonly inspections: readonly Inspection[];
}

/** Reads what a report has written. @throws UsageError if it is not a report */
export async function readPlanFile(folder: string, file: string): Promise<PlanFile> {
  const notReport = () => new UsageError(`--plan ${file} is not a file of npm run fleet -- report --json`);
  let header: ReportHeader | undefined;
  const inspections: Inspection[] = [];
  try {
    const input = createReadStream(resolve(folder, file));
    for await (const text of createInterface({ input })) {
      const line = JSON.parse(text);
      if (!header) {
        if (line.report !== 1) throw notReport();
        header = line;
      } else if (line.plan?.length > 0) inspections.push(line);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UsageError(`--plan ${file} cannot be read; check the path`);
    throw notReport();
  }
  if (!header) throw notReport();
  return { header, inspections };
}

/** @throws CliError if a plan was made for something else than what is here now */
export function assertSamePlan(plan: ReportHeader, now: ReportHeader): void {
  const differing = (['account', 'deployment', 'policy'] as const).find((key) => plan[key] !== now[key]);
  if (differing)
    throw new CliError(
      `the plan is of ${differing} ${plan[differing]}, and this is ${now[differing]}; run the report again`,
    );
}
