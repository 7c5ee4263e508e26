import { execFileSync } from 'node:child_process';

/** The resident memory of another process in MB; undefined without `ps`, as on Windows. */
export function memoryOf({ pid }: { readonly pid?: number | undefined }): number | undefined {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024;
  } catch {
    return undefined;
  }
}
