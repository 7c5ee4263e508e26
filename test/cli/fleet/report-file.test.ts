import { readFileSync, WriteStream } from 'node:fs';
import { join } from 'node:path';
import { ReportFile } from '../../../cli/fleet/report-file';
import { temporaryFolder } from '../../support/temporary-folder';

test('writes every line, and waits once for all of them while the disk is slower', async () => {
  const { folder, remove } = temporaryFolder();
  const once = jest.spyOn(WriteStream.prototype, 'once');
  const file = new ReportFile(folder, 'report.jsonl');
  const lines = Array.from({ length: 500 }, (_, i) => ({ conversation: i, plan: 'x'.repeat(1_000) }));
  await Promise.all(lines.map((line) => file.write(line)));
  await file.close();
  expect(readFileSync(join(folder, 'report.jsonl'), 'utf8').split('\n').slice(0, -1)).toEqual(
    lines.map((line) => JSON.stringify(line)),
  );
  expect(once.mock.calls.filter(([event]) => event === 'drain')).toHaveLength(1);
  remove();
});
