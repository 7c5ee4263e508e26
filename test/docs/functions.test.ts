import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from '../support/contract';
import { root } from '../support/programs';
import { useSharedStack } from '../support/stack';

const page = readFileSync(join(root, 'docs', 'functions.md'), 'utf8');
const examples = [...page.matchAll(/```shell\n(.*)\n```\n\n```json\n([^`]*)```/g)].map(
  ([, command, answer]) => ({
    command: command!,
    answer: answer!,
  }),
);
const SID = `WH${'x'.repeat(32)}`;

test('has each function', () => {
  const titles = [...page.matchAll(/^## (\/\S+)$/gm)].map(([, title]) => title);
  expect(titles.sort()).toEqual(Object.keys(contract.paths).sort());
});

test('shows the response of each command', async () => {
  const { emulator, functions } = useSharedStack();
  let sid = SID;
  for (const { command, answer } of examples) {
    const typed = command.replaceAll('http://localhost:3000', functions.origin).replaceAll(SID, sid);
    const text = execFileSync('sh', ['-c', `${typed} --silent`], { encoding: 'utf8' });
    sid = /"sid":"(WH\w+)"/.exec(text)?.[1] ?? sid;
    const comparable = JSON.parse(
      text
        .replaceAll(sid, SID)
        .replaceAll(emulator.origin, 'http://127.0.0.1:4010')
        .replaceAll(/(?<="date_\w+":")[^"]+/g, '2026-11-22T12:00:00Z')
        // On a busy machine the list is too old by the time that the newest message is known, and is fetched again.
        .replace(/(?<="calls":)7/, '6')
        // It depends on the host and its port.
        .replaceAll(/(?<="policy(_hash)?":")[\w-]{6}(?=")/g, 'a1B2c3'),
    );
    expect(comparable).toEqual(JSON.parse(answer));
  }
  expect(examples).toHaveLength(9);
});
