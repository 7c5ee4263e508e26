import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_BUNDLE, root } from '../../test/support/programs';
import { interleave, ratio } from '../measure';
import type { Part } from '../part';
import { built, outputOf } from '../programs';
import { type Section, target, times } from '../table';

/** At most this part of what the Twilio library takes. */
const AIM = 1 / 22;

/** How long it takes to load each function, beside `require('twilio')`, in processes that have loaded `https` and a file before. */
export const load: Part = async ({ quick }) => {
  const rounds = quick ? 3 : 21;
  const folder = join(root, DEMO_BUNDLE, 'functions');
  const functions = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  const files = {
    twilio: 'twilio',
    ...Object.fromEntries(functions.map((name) => [name, join(folder, name)])),
  };
  const subjects = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, () => loadOnce(file)]),
  );
  const measured = await interleave(rounds, subjects);
  const section: Section = {
    title: 'Loading a function',
    meaning: `The time to load each function, as a part of the time for \`require('twilio')\`: the median of ${rounds} rounds of fresh processes that have loaded \`https\` and a file before, as the runtime has. Half of the rounds are between the values in brackets.`,
    head: ['function', "part of require('twilio')", 'target'],
    rows: functions.sort().map((name) => {
      const part = ratio(measured[name]!, measured.twilio!);
      return [name, times(part), target('at most 1/22', part.median <= AIM)];
    }),
  };
  return [section];
};

async function loadOnce(file: string): Promise<number> {
  const code = `const [before, file] = process.argv.slice(1); require('node:https'); require(before);
    const t = process.hrtime.bigint(); require(file); process.stdout.write(String(process.hrtime.bigint() - t))`;
  return Number(await outputOf(['-e', code, built('empty'), file]));
}
